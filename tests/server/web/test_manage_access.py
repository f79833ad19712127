"""Who gets what at every page on which a course is run: the whole matrix, no page left out."""

from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse

from server.competitions.models import Competition, TeamExtension
from server.competitions.services import announcement_post, extension_give
from server.courses.models import LoggedAction, Membership
from server.web.manage_urls import urlpatterns
from tests.server.cast import Cast
from tests.server.web.conftest import browser_of

PEOPLE = (
    "student", "classmate", "assistant", "instructor",
    "stranger", "foreign_assistant", "foreign_instructor", "anonymous",
)  # fmt: skip
ELSEWHERE = (404, 404, 404, 302)


def staff(status: int) -> tuple[int, ...]:
    return (403, 403, status, status, *ELSEWHERE)


def instructors(status: int) -> tuple[int, ...]:
    return (403, 403, 403, status, *ELSEWHERE)


NO_POST = (405,) * 8


@dataclass(frozen=True)
class Case:
    name: str
    get: tuple[int, ...]
    post: tuple[int, ...] = NO_POST
    data: dict[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ("course",)


ONE = ("competition",)
CASES = (
    Case("create_course", (200,) * 7 + (302,), (422,) * 7 + (302,), keys=()),
    Case("course", staff(200)),
    Case("invite_code", staff(200), staff(302)),
    Case("course_settings", instructors(200), instructors(302), {"cpu_fallback": "on"}),
    Case("log", staff(200)),
    Case("members", staff(200)),
    Case(
        "remove", (403, 200, 200, 200, *ELSEWHERE), (403, 302, 302, 302, *ELSEWHERE),
        keys=("course", "member"),
    ),
    Case("role", instructors(200), instructors(302), {"role": "assistant"}, ("course", "member")),
    Case("open", staff(200), staff(422)),
    Case("competition", staff(200), keys=ONE),
    Case("edit", staff(200), staff(422), keys=ONE),
    Case("deadline", NO_POST, staff(302), {"closes_at": "2080-01-01T10:00"}, ONE),
    Case(
        "extensions", NO_POST, staff(302),
        {"team": "classmate", "closes_at": "2080-01-01T10:00"}, ONE,
    ),
    Case("withdraw", NO_POST, staff(302), keys=("competition", "extension")),
    Case("reveal", instructors(200), instructors(302), {"revealed": "yes"}, ONE),
    Case("announce", staff(200), staff(302), {"title": "News", "text": "All is well."}, ONE),
    Case(
        "announcement_edit", staff(200), staff(302), {"title": "News", "text": "Better."},
        ("competition", "announcement"),
    ),
    Case("announcement_delete", staff(200), staff(302), keys=("competition", "announcement")),
    Case("submissions", staff(200), keys=ONE),
)  # fmt: skip


@pytest.fixture
def keys(cast: Cast, competition: Competition) -> dict[str, int | str]:
    extension = extension_give(
        competition=competition,
        actor=cast.assistant,
        who="student",
        closes_at=competition.closes_at.replace(year=competition.closes_at.year + 1),
    )
    announcement = announcement_post(
        competition=competition, author=cast.assistant, title="Hello", text="Welcome."
    )
    return {
        "course": "spring",
        "competition": "halves",
        "member": Membership.objects.get(user=cast.classmate).pk,
        "extension": extension.pk,
        "announcement": announcement.pk,
    }


def _browser(cast: Cast, name: str) -> Client:
    return Client() if name == "anonymous" else browser_of(cast, name)


def test_the_matrix_has_every_page() -> None:
    assert {pattern.name for pattern in urlpatterns} == {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("name", PEOPLE)
def test_everyone_gets_what_they_may(
    name: str, case: Case, cast: Cast, keys: dict[str, int | str]
) -> None:
    path = reverse(f"manage:{case.name}", args=[keys[key] for key in case.keys])
    browser, number = _browser(cast, name), PEOPLE.index(name)
    logged = LoggedAction.objects.count()
    assert browser.get(path).status_code == case.get[number]
    assert LoggedAction.objects.count() == logged
    assert browser.post(path, case.data).status_code == case.post[number]
    if case.post[number] >= 400 or name == "anonymous":
        assert LoggedAction.objects.count() == logged


def test_every_change_needs_a_form_of_ours(cast: Cast, keys: dict[str, int | str]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.instructor)
    for case in CASES:
        if case.post != NO_POST:
            path = reverse(f"manage:{case.name}", args=[keys[key] for key in case.keys])
            assert browser.post(path, case.data).status_code == 403
    assert TeamExtension.objects.filter(pk=keys["extension"]).exists()
