"""What an operator changes in the admin pages stands in the course's log, and shows on boards."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from server.accounts.models import User
from server.competitions.models import BoardVersion, Competition, Team
from server.competitions.services import CompetitionChanges, board_touch
from server.courses.models import Action, Course, LoggedAction, Membership
from server.leaderboards.models import Standing
from server.leaderboards.services import standings_compare
from server.submissions.models import Evaluation
from tests.server.cast import Cast, competition_make, task_version_make
from tests.server.judging import judged, report_scored

pytestmark = pytest.mark.django_db

BOARD = "/competitions/halves/leaderboard/"


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("operator", "operator@example.org", "x")


@pytest.fixture
def pages(operator: User) -> Client:
    browser = Client()
    browser.force_login(operator)
    return browser


def _address(model: type[Model], page: str, *arguments: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=arguments)


def _filled(form: BaseForm) -> dict[str, Any]:
    """What a browser sends of a form as it is shown."""
    sent: dict[str, Any] = {}
    for field in form:
        shown: Any = getattr(field.field.widget, "widget", field.field.widget)
        widget = shown.get_context(field.html_name, field.value(), {})["widget"]
        for part in widget.get("subwidgets", [widget]):
            if part.get("type") == "checkbox":
                sent |= {part["name"]: "on"} if part["attrs"].get("checked") else {}
            elif part.get("value") is not None:
                value = part["value"]
                sent[part["name"]] = value[0] if isinstance(value, list) else value
    return sent


def _send(pages: Client, address: str, **values: object) -> None:
    """Fills in a page's form as a person does, and sends it."""
    form = pages.get(address).context["adminform"].form
    answer = pages.post(address, _filled(form) | values)
    assert answer.status_code == 302, answer.context["errors"]


def _change(pages: Client, row: Model, **values: object) -> None:
    _send(pages, _address(type(row), "change", row.pk), **values)


def _lines(action: Action, operator: User) -> list[LoggedAction]:
    return list(LoggedAction.objects.filter(action=action, actor=operator).order_by("pk"))


def _version(competition: Competition) -> int:
    board = BoardVersion.objects.filter(competition=competition).first()
    return board.version if board else 0


def test_a_changed_competition(pages: Client, operator: User, competition: Competition) -> None:
    before = _version(competition)
    _change(pages, competition, daily_limit=7, closes_at_0="2030-01-01", closes_at_1="12:00:00")
    (line,) = _lines(Action.COMPETITION_EDIT, operator)
    assert (line.course, line.by, line.subject) == (competition.course, "staff", "halves")
    assert line.before["daily_limit"] == 5 and line.after["daily_limit"] == 7
    assert line.before.keys() == line.after.keys() == {"daily_limit", "closes_at"}
    assert line.after["closes_at"] == "2030-01-01T12:00:00Z"
    competition.refresh_from_db()
    assert (competition.daily_limit, competition.closes_at.year) == (7, 2030)
    assert _version(competition) > before


def test_what_is_not_changed_is_no_line(
    pages: Client, operator: User, competition: Competition, cast: Cast
) -> None:
    _change(pages, competition)
    _change(pages, cast.course)
    _change(pages, Membership.objects.get(user=cast.student))
    assert not LoggedAction.objects.filter(actor=operator).exists()


def test_what_somebody_else_changes_meanwhile_stays(
    pages: Client, competition: Competition
) -> None:
    address = _address(Competition, "change", competition.pk)
    sent = _filled(pages.get(address).context["adminform"].form)
    Competition.objects.filter(pk=competition.pk).update(private_revealed=True)
    assert pages.post(address, sent | {"title": "Thirds"}).status_code == 302
    competition.refresh_from_db()
    assert (competition.title, competition.private_revealed) == ("Thirds", True)


@pytest.mark.parametrize("field", ["private_revealed", "slug", "course"])
def test_what_is_not_changed_there(field: str, pages: Client, competition: Competition) -> None:
    address = _address(Competition, "change", competition.pk)
    form = pages.get(address).context["adminform"].form
    assert field not in form.fields
    sent = _filled(form) | {"private_revealed": "on", "slug": "other", "course": "999"}
    assert pages.post(address, sent).status_code == 302
    competition.refresh_from_db()
    assert (competition.private_revealed, competition.slug) == (False, "halves")


def test_another_task_version_computes_the_standings_anew(
    pages: Client, operator: User, cast: Cast, competition: Competition
) -> None:
    elsewhere = competition_make(
        cast.course, slug="elsewhere", task_version=competition.task_version
    )
    judged(cast.student, elsewhere, report_scored(0.5))
    judged(cast.student, competition, report_scored(0.5))
    judged(cast.classmate, competition, report_scored(0.4))
    old, new = competition.task_version, task_version_make(artifact_mb=2)
    again = Evaluation.objects.get(team__members__user=cast.student, team__competition=competition)
    Evaluation.objects.filter(pk=again.pk).update(task_version=new)
    student = Client()
    student.force_login(cast.student)
    held = student.get(BOARD).headers["ETag"]

    _change(pages, competition, task_version=new.pk)

    competition.refresh_from_db()
    assert competition.task_version == new
    assert standings_compare(competition=competition) == []
    assert Standing.objects.get(competition=competition).evaluation == again
    assert Standing.objects.filter(competition=elsewhere).count() == 1
    (line,) = _lines(Action.COMPETITION_EDIT, operator)
    assert (line.before, line.after) == ({"task": str(old)}, {"task": str(new)})
    rebuilt = LoggedAction.objects.get(action=Action.STANDINGS_REBUILD)
    assert (rebuilt.subject, rebuilt.after) == ("halves", {"differed": 1})
    changed = LoggedAction.objects.filter(action=Action.STANDING_CHANGE).latest("pk")
    assert (changed.subject, changed.after) == ("halves: classmate", {})
    answer = student.get(BOARD, headers={"If-None-Match": held})
    assert answer.status_code == 200


def test_back_to_the_old_task_version_all_stand_again(
    pages: Client, cast: Cast, competition: Competition
) -> None:
    judged(cast.student, competition, report_scored(0.5))
    before = Standing.objects.get().evaluation_id
    old, new = competition.task_version, task_version_make(artifact_mb=2)
    _change(pages, competition, task_version=new.pk, daily_limit=9)
    assert not Standing.objects.exists()
    _change(pages, competition, task_version=old.pk)
    assert Standing.objects.get().evaluation_id == before
    competition.refresh_from_db()
    assert competition.daily_limit == 9


def test_an_opened_competition(pages: Client, operator: User, competition: Competition) -> None:
    sent = {
        "course": competition.course_id, "slug": "thirds", "title": "Thirds",
        "task_version": competition.task_version_id, "opens_at_0": "2030-01-01",
        "opens_at_1": "00:00:00", "closes_at_0": "2030-02-01", "closes_at_1": "00:00:00",
    }  # fmt: skip
    _send(pages, _address(Competition, "add"), **sent)
    assert Competition.objects.get(slug="thirds").title == "Thirds"
    (line,) = _lines(Action.COMPETITION_OPEN, operator)
    assert (line.subject, line.after["daily_limit"]) == ("thirds", 5)


@pytest.mark.parametrize("how", ["page", "list"])
def test_a_deleted_competition(
    how: str, pages: Client, operator: User, competition: Competition
) -> None:
    board_touch(competition_id=competition.pk)
    _delete(pages, competition, how)
    assert not Competition.objects.exists()
    (line,) = _lines(Action.COMPETITION_DELETE, operator)
    assert (line.subject, line.before["title"], line.after) == ("halves", "Halves", {})


def test_a_competition_with_teams_stays(
    pages: Client, cast: Cast, operator: User, competition: Competition
) -> None:
    judged(cast.student, competition, report_scored(0.5))
    for how in ("page", "list"):
        _delete(pages, competition, how)
    assert Competition.objects.exists()
    assert _lines(Action.COMPETITION_DELETE, operator) == []


def test_a_changed_course(
    pages: Client, operator: User, cast: Cast, competition: Competition
) -> None:
    before, code = _version(competition), cast.course.invite_code
    _change(pages, cast.course, time_zone="Asia/Tokyo", invite_code="open-sesame")
    (line,) = _lines(Action.COURSE_EDIT, operator)
    assert line.before == {"time_zone": "Europe/Prague"}
    assert line.after == {"time_zone": "Asia/Tokyo"}
    (line,) = _lines(Action.INVITE_CODE_CHANGE, operator)
    assert line.before == {"invite_code": code} and line.after == {"invite_code": "open-sesame"}
    cast.course.refresh_from_db()
    assert (cast.course.time_zone, cast.course.invite_code) == ("Asia/Tokyo", "open-sesame")
    assert _version(competition) > before


def test_a_new_course(pages: Client, operator: User) -> None:
    _send(pages, _address(Course, "add"), slug="winter", title="Winter school", time_zone="UTC")
    (line,) = _lines(Action.COURSE_CREATE, operator)
    assert (line.course.slug, line.subject) == ("winter", "winter")
    assert line.after == {"title": "Winter school", "time_zone": "UTC"}


def test_a_changed_role(pages: Client, operator: User, cast: Cast) -> None:
    member = Membership.objects.get(user=cast.student)
    _change(pages, member, role="assistant")
    (line,) = _lines(Action.MEMBER_ROLE, operator)
    assert (line.course, line.by, line.subject) == (cast.course, "staff", "student")
    assert (line.before, line.after) == ({"role": "participant"}, {"role": "assistant"})
    member.refresh_from_db()
    assert member.role == "assistant"


def test_a_new_member(pages: Client, operator: User, cast: Cast) -> None:
    address = _address(Membership, "add")
    _send(pages, address, course=cast.course.pk, user=cast.stranger.pk, role="instructor")
    (line,) = _lines(Action.MEMBER_ROLE, operator)
    assert (line.course, line.subject) == (cast.course, "stranger")
    assert (line.before, line.after) == ({"role": None}, {"role": "instructor"})
    assert Membership.objects.get(course=cast.course, user=cast.stranger).role == "instructor"


@pytest.mark.parametrize("how", ["page", "list"])
def test_a_removed_member(how: str, pages: Client, operator: User, cast: Cast) -> None:
    _delete(pages, Membership.objects.get(user=cast.assistant), how)
    assert not Membership.objects.filter(user=cast.assistant).exists()
    (line,) = _lines(Action.MEMBER_REMOVE, operator)
    assert (line.course, line.by, line.subject) == (cast.course, "staff", "assistant")
    assert (line.before, line.after) == ({"role": "assistant"}, {})


def test_a_renamed_team(
    pages: Client, operator: User, cast: Cast, competition: Competition
) -> None:
    judged(cast.student, competition, report_scored(0.5))
    before = _version(competition)
    _change(pages, Team.objects.get(), name="Ada")
    (line,) = _lines(Action.TEAM_RENAME, operator)
    assert (line.course, line.subject) == (cast.course, "halves: student")
    assert (line.before, line.after) == ({"name": "student"}, {"name": "Ada"})
    assert Team.objects.get().name == "Ada" and _version(competition) > before


def test_all_that_can_be_changed_can_be_noted(pages: Client, competition: Competition) -> None:
    """A field that is new in a table is one of its changes, or is not on the page."""
    page = admin.site._registry[Competition]
    request = pages.get(_address(Competition, "changelist")).wsgi_request
    for name in page.get_form(request, competition).base_fields:
        assert name == "task_version" or name in CompetitionChanges.__dataclass_fields__


def _delete(pages: Client, row: Model, how: str) -> None:
    if how == "page":
        pages.post(_address(type(row), "delete", row.pk), {"post": "yes"})
    else:
        asked = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        pages.post(_address(type(row), "changelist"), asked)
