"""Who comes to a course of their own: its staff open any task, and so see its hidden items."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from server.competitions.models import Competition
from server.courses.models import Course, Membership, Role
from tests.server.cast import PASSWORD, Cast, client_of, operator_make

MINE = {"slug": "mine", "title": "Mine", "time_zone": "Europe/Prague"}
ADA = {"username": "ada", "display_name": "Ada", "email": "ada@example.org", "password": PASSWORD}
WHOM_TO_ASK = "only its operators create courses. If you teach, ask one of them"


@pytest.fixture
def ada(cast: Cast) -> Client:
    """The browser of somebody who has just signed up."""
    browser = Client()
    assert browser.post("/signup/", ADA).status_code == 302
    return browser


@pytest.fixture
def program(ada: Client) -> APIClient:
    """Their program, with a token of their own."""
    program = APIClient()
    asked = {"username": "ada", "password": PASSWORD, "name": "laptop"}
    token = program.post("/api/v1/tokens", asked).data["token"]
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return program


def test_nobody_opens_a_task_in_a_course_of_their_own(
    ada: Client, program: APIClient, competition: Competition
) -> None:
    for answer in (ada.get("/create-course/"), ada.post("/create-course/", MINE)):
        assert answer.status_code == 403
        assert WHOM_TO_ASK in answer.content.decode()
    refused = program.post("/api/v1/courses", MINE)
    assert refused.status_code == 403 and WHOM_TO_ASK in refused.data["detail"]
    task = _opening(competition)
    assert ada.post("/manage/mine/open/", task).status_code == 404
    assert program.post("/api/v1/courses/mine/competitions", task).status_code == 404
    # With the course's own invite code one is a participant, who opens nothing there either.
    code = {"invite_code": competition.course.invite_code}
    assert program.post("/api/v1/courses/join", code).status_code == 200
    assert ada.post("/manage/spring/open/", task).status_code == 403
    assert program.post("/api/v1/courses/spring/competitions", task).status_code == 403
    assert Course.objects.count() == 2
    assert Competition.objects.get() == competition
    assert Membership.objects.get(user__username="ada").role == Role.PARTICIPANT


@pytest.mark.parametrize("name", ["student", "assistant", "instructor"])
def test_nor_does_who_is_in_a_course_make_another(name: str, cast: Cast) -> None:
    assert client_of(cast.named(name)).post("/api/v1/courses", MINE).status_code == 403
    browser = Client()
    browser.force_login(cast.named(name))
    assert browser.post("/create-course/", MINE).status_code == 403
    assert "/create-course/" not in browser.get("/account/").content.decode()


def test_who_has_no_course_is_told_how_to_come_to_one(ada: Client) -> None:
    home, account = (ada.get(path).content.decode() for path in ("/", "/account/"))
    for page in (home, account):
        assert "/join/" in page and "invite code" in page
        assert "/create-course/" not in page
    assert "If you teach, ask an operator" in account


def test_an_operator_makes_somebody_the_instructor_of_a_course(
    ada: Client, competition: Competition
) -> None:
    operator = Client()
    operator.force_login(operator_make())
    page = operator.post("/create-course/", MINE, follow=True).content.decode()
    link = re.search(r"/join/[\w-]+/", page)
    assert link is not None
    ada.post(link.group())
    members = Membership.objects.filter(course__slug="mine")
    joined, own = members.get(user__username="ada"), members.get(user__username="operator")
    operator.post(f"/manage/mine/members/{joined.pk}/role/", {"role": Role.INSTRUCTOR})
    operator.post(f"/manage/mine/members/{own.pk}/remove/")
    assert list(members.values_list("user__username", "role")) == [("ada", Role.INSTRUCTOR)]
    assert ada.post("/manage/mine/open/", _opening(competition)).status_code == 302
    # And of that course alone: neither of the server nor of a course more.
    assert ada.get("/admin/").status_code == 302
    assert ada.get("/operations/").status_code in {302, 403, 404}
    assert ada.post("/create-course/", MINE | {"slug": "more"}).status_code == 403


def test_a_server_of_trusted_people_can_let_everybody(
    ada: Client, program: APIClient, settings: Settings
) -> None:
    settings.COURSE_CREATION = "anyone"
    assert "/create-course/" in ada.get("/").content.decode()
    assert ada.post("/create-course/", MINE).status_code == 302
    assert program.post("/api/v1/courses", MINE | {"slug": "more"}).status_code == 201


def _opening(competition: Competition) -> Mapping[str, str]:
    return {
        "task": str(competition.task_version_id),
        "slug": "same-task",
        "title": "The same task",
        "opens_at": "2026-01-01T10:00",
        "closes_at": "2036-01-01T10:00",
        "daily_limit": "5",
        "invalid_daily_limit": "20",
        "queue_limit": "5",
        "visibility": "course",
        "kind": "standard",
    }
