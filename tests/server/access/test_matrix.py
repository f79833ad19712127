"""Who gets what at every address with every method: the whole matrix, and nothing left out."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.http.response import HttpResponseBase

from tests.server.access.addresses import route_of, routes
from tests.server.access.admin_cases import CHANGED, READ, registered
from tests.server.access.case import SAFE, Case
from tests.server.access.cases import CASES
from tests.server.access.fingerprint import fingerprint
from tests.server.access.people import PEOPLE, content_of
from tests.server.access.policies import ASKED
from tests.server.access.world import World, undone

pytestmark = pytest.mark.django_db

DOORS = {"/login/", "/admin/login/"}


def test_every_address_is_in_the_matrix(world: World) -> None:
    covered = {route_of(case.path.format(**world.keys)) for case in CASES}
    missing = [route for route in routes() if route not in covered]
    assert missing == [], "These addresses stand in no row of the matrix."
    assert registered() == CHANGED | READ, "May rows of these tables be changed by hand?"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_reading_answers_as_the_matrix_says_and_changes_nothing(case: Case, world: World) -> None:
    before = fingerprint()
    assert list(_wrong(case, world, ((m, name) for m in SAFE for name in PEOPLE))) == []
    assert fingerprint() == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_who_is_refused_changes_nothing(case: Case, world: World) -> None:
    before = fingerprint()
    refused = (each for each in case.unsafe() if not case.changes(*each))
    assert list(_wrong(case, world, refused)) == []
    assert fingerprint() == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_who_may_changes_it(case: Case, world: World) -> None:
    for each in case.unsafe():
        if case.changes(*each):
            with undone():
                assert list(_wrong(case, world, iter([each]))) == []


def _wrong(case: Case, world: World, asked: Iterator[tuple[str, str]]) -> Iterator[str]:
    """What is answered to whom other than the matrix says."""
    path = case.path.format(**world.keys)
    for method, name in asked:
        data = case.sent(world.keys)
        response = world.visitors[name].ask(method, path, data, means=case.means)
        expected = case.expected(method, name)
        if response.status_code not in expected:
            yield f"{method} by {name}: {response.status_code}, not {sorted(expected)}"
        elif problem := _problem(case, method, name, response):
            yield f"{method} by {name}: {problem}"
        content_of(response)  # a file that is sent stays open until it was read


def _problem(case: Case, method: str, name: str, response: HttpResponseBase) -> str:
    """What is wrong with an answer of the right status."""
    policy = case.policy(method)
    asked = policy is not None and policy[name] == ASKED
    if case.means == "browser":
        led_to = urlsplit(response.headers.get("Location", "")).path
        return "" if (led_to in DOORS) == asked else f"led to {led_to or 'no door'}"
    if asked and not response.headers["WWW-Authenticate"].startswith("Bearer"):
        return "not told how to authenticate"
    if response.status_code < 400 or method == "head":
        return ""
    if response.headers["Content-Type"] != "application/problem+json":
        return f"a problem as {response.headers['Content-Type']}"
    told = json.loads(content_of(response))
    words = (told["title"], told["detail"])
    return "" if all(words) and told["status"] == response.status_code else f"told {told}"
