"""Malformed addresses and parameters are refused in so many words: no failure, and no secrets."""

import re
from collections.abc import Iterator

import pytest

from server.accounts.models import ApiToken
from tests.server.access.canaries import allowed, canaries
from tests.server.access.case import Case
from tests.server.access.cases import CASES
from tests.server.access.opened import opened
from tests.server.access.people import Means, content_of
from tests.server.access.world import World

pytestmark = pytest.mark.django_db

# In place of each part of an address that names something.
PARTS = (
    "0", "-1", "99999999999999999999999", "%00", "..", "%2e%2e%2f%2e%2e", "%27%20OR%201=1--",
    "%D9%A3", "x" * 300, "%0d%0aSet-Cookie:%20x=1", "%3Cscript%3E", "%F0%9F%8E%88", "null", "1e9",
)  # fmt: skip
VALUES = (
    "", "0", "-1", "201", "99999999999999999999999", "1e9", "nan", "%00", "%D9%A3", "%F0%9F%8E%88",
    "x" * 3000, "%27%20OR%201=1--", "%7B%22a%22:1%7D", "0001-01-01", "9999-12-31", "2026-13-45",
    "WyJwdWJsaWMiXQ:1:x", ".eJyLVkqs", "[]", "..%2f..%2fetc%2fpasswd",
)  # fmt: skip
PARAMETERS = (
    "cursor", "limit", "split", "format", "search", "status", "verdict", "team", "day", "role",
    "too_good", "bom",
)  # fmt: skip
# Whatever reads parameters.
LISTS = (
    "/api/v1/competitions", "/api/v1/competitions/halves/leaderboard",
    "/api/v1/competitions/halves/submissions", "/api/v1/competitions/halves/all-submissions",
    "/api/v1/competitions/halves/submissions.csv", "/api/v1/competitions/halves/standings.csv",
    "/api/v1/courses/spring/members", "/api/v1/courses/spring/log",
    "/competitions/halves/leaderboard/", "/competitions/halves/submissions/",
    "/competitions/halves/manage/submissions/", "/manage/spring/members/", "/manage/spring/log/",
)  # fmt: skip
NAMED = re.compile(r"\{\w+\}|halves|spring|error_by_stratum")
READ = [case for case in CASES if case.get]


@pytest.mark.parametrize("name", ["anonymous", "student", "operator"])
def test_malformed_addresses_are_refused(name: str, world: World) -> None:
    planted = canaries(world)
    hidden = [each for each in planted if each.name not in allowed(name, planted)]
    for case, path in _malformed(world):
        response = world.visitors[name].ask("get", path, means=case.means)
        assert response.status_code < 500, path
        said = opened(response)
        assert [each.name for each in hidden if _tells(each.texts, path, said)] == [], path
        assert "x=1" not in response.cookies.output()


@pytest.mark.parametrize("path", LISTS)
def test_malformed_parameters_are_refused(path: str, world: World) -> None:
    means: Means = "program" if path.startswith("/api/") else "browser"
    for parameter in PARAMETERS:
        for value in VALUES:
            asked = f"{path}?{parameter}={value}"
            response = world.visitors["assistant"].ask("get", asked, means=means)
            assert response.status_code < 500, asked
            content_of(response)


@pytest.mark.parametrize("lookup", ["user__password__startswith", "hash__startswith"])
def test_no_list_of_the_admin_pages_can_be_asked_for_secrets(lookup: str, world: World) -> None:
    """Filters are an oracle: letter by letter they would tell what no page shows."""
    token = ApiToken.objects.get(pk=world.keys["token"])
    secret = token.user.password if "password" in lookup else token.hash
    answers = [
        world.visitors["operator"].ask("get", f"/admin/accounts/apitoken/?{lookup}={start}")
        for start in (secret[:6], "wrong")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]


def _malformed(world: World) -> Iterator[tuple[Case, str]]:
    for case in READ:
        places = list(NAMED.finditer(case.path))
        for place in places:
            for part in PARTS:
                path = f"{case.path[: place.start()]}{part}{case.path[place.end() :]}"
                yield case, path.format(**world.keys)


def _tells(texts: tuple[str, ...], asked: str, said: bytes) -> bool:
    return any(text.encode() in said and text not in asked for text in texts)
