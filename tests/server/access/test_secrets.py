"""Nobody sees what is not theirs, by whatever address, parameter, form, header or error."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.apps import apps
from django.http.response import HttpResponseBase

from server.competitions.services import board_reveal
from tests.server.access.canaries import Canary, allowed, canaries
from tests.server.access.case import Case
from tests.server.access.cases import CASES
from tests.server.access.opened import opened
from tests.server.access.people import MEMBERS, PEOPLE, Visitor
from tests.server.access.secrets import PRIVATE
from tests.server.access.world import World, undone

pytestmark = pytest.mark.django_db

# A path that holds what is looked for would find it in its own echo.
READ = [case for case in CASES if case.get and "code}" not in case.path]
QUERIES = (
    "split=private&ordering=-private_primary_key&sort=private&o=private_primary_key&order_by=error",
    "split=public&format=json&fields=private&include=evaluations&expand=judged_log",
    "format=csv&limit=1&page=2&offset=1",
    "search=of-classmate&status=done&verdict=scored&too_good=true&role=participant&private=1",
    "seen=x&said=x&bom=true&next=//example.org&team=classmate&evaluation=1&split=practice",
    "limit=1",
    "cursor={private_cursor}",
    "cursor={private_cursor}&split=public",
)
# Made of the server's own sources, or Django's own.
CONSTANT = ("/admin/", "/api/schema/", "/api/docs/", "/client/")
ROW = re.compile(r"\{row_of_(\w+)\}")
HEADERS = (
    {"If-None-Match": "*"},
    {"Range": "bytes=0-4095", "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"Accept": "application/xml", "X-HTTP-Method-Override": "POST"},
    {"Accept": "text/html", "X-Forwarded-Host": "example.org", "X-Original-URL": "/admin/"},
    {"HX-Request": "true"},
)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_sees_what_they_may_and_no_more(name: str, world: World) -> None:
    planted = canaries(world)
    found: dict[str, str] = {}
    private_cursor = _private_cursor(world)
    # Who sends it knows it, wherever it comes back.
    echo = private_cursor.partition(":")[0].encode()
    for where, response in _read(world, world.visitors[name], quote(private_cursor)):
        assert response.status_code < 500, where
        said = opened(response, without=echo)
        for canary in planted:
            if canary.name not in found and _tells(canary, where, said):
                found[canary.name] = where
    may = allowed(name, planted)
    leaks = {what: where for what, where in found.items() if what not in may}
    assert leaks == {}, f"{name} may not see these"
    assert may - set(found) == set(), f"{name} should see these too"


@pytest.mark.parametrize("name", ["student", "classmate", "removed", "stranger", "anonymous"])
def test_after_a_reveal_members_see_private_scores_until_they_are_hidden_again(
    name: str, world: World
) -> None:
    halves, instructor = world.halves, world.cast.instructor
    with undone():
        board_reveal(competition=halves, actor=instructor, revealed=True)
        seen = _private_scores_seen(world, name)
        board_reveal(competition=halves, actor=instructor, revealed=False)
        hidden = _private_scores_seen(world, name)
    own = {"student", "classmate", "removed"}
    assert seen == (own if name in MEMBERS else set())
    assert hidden == set()


def _private_scores_seen(world: World, name: str) -> set[str]:
    """Whose private scores one of the people finds."""
    found = set()
    for case, path in _paths(world, everything=False):
        if not case.path.startswith(CONSTANT) and not case.path.endswith(("/kit", "/kit/")):
            said = opened(world.visitors[name].ask("get", path, means=case.means))
            found |= {owner for owner, value in PRIVATE.items() if f"{value:.0f}".encode() in said}
    return found


def _read(
    world: World, visitor: Visitor, private_cursor: str
) -> Iterator[tuple[str, HttpResponseBase]]:
    """All that one of the people can read."""
    for case, path in _paths(world, everything=visitor.name == "operator"):
        answer = visitor.ask("get", path, means=case.means)
        status = answer.status_code
        yield path, answer
        # Who is refused is refused before anything else is looked at.
        if case.path.startswith(CONSTANT) or case.path.endswith("/kit") or status != 200:
            continue
        yield from _otherwise(visitor, case, path, private_cursor)


def _paths(world: World, *, everything: bool) -> Iterator[tuple[Case, str]]:
    """All paths; of the tables of the admin pages the first rows, or really everything."""
    for case in READ:
        yield case, case.path.format(**world.keys)
        found = ROW.search(case.path)
        if everything and found and case.path.endswith("/change/"):
            model = apps.get_model(*found[1].split("_", 1))
            for row in model._default_manager.all():
                yield case, case.path.replace(found[0], str(row.pk))


def _otherwise(
    visitor: Visitor, case: Case, path: str, private_cursor: str
) -> Iterator[tuple[str, HttpResponseBase]]:
    for headers in HEADERS:
        yield f"{path} with {headers}", visitor.ask("get", path, headers=headers)
    join = "&" if "?" in path else "?"
    for query in QUERIES:
        asked = f"{path}{join}{query.format(private_cursor=private_cursor)}"
        yield asked, visitor.ask("get", asked, means=case.means)


def _private_cursor(world: World) -> str:
    """Where staff go on in the private board, in the wrong hands."""
    path = "/api/v1/competitions/halves/leaderboard?split=private&limit=1"
    response = world.visitors["assistant"].ask("get", path, means="program")
    cursor = getattr(response, "data", {})["next"]
    assert isinstance(cursor, str)
    return cursor


def _tells(canary: Canary, asked: str, said: bytes) -> bool:
    """Whether an answer tells a secret that was not in the question."""
    return any(text.encode() in said and text not in asked for text in canary.texts)
