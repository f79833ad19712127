"""Staff open a competition, change it, extend, announce and reveal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from server.competitions.models import Competition, Team, TeamExtension
from server.competitions.selectors import deadline_of
from server.courses.models import LoggedAction
from server.submissions.refusals import NotOpen
from tests.server.cast import Cast, client_of
from tests.server.judging import submit

HALVES = "/api/v1/competitions/halves"


def test_local_times_of_the_course_are_understood(cast: Cast, competition: Competition) -> None:
    sent = {
        "task": competition.task_version_id,
        "title": "Night shift!",
        "opens_at": "2026-10-25T02:30",
        "closes_at": "2026-12-01T10:00Z",
        "daily_limit": 3,
    }
    path = "/api/v1/courses/spring/competitions"
    made = client_of(cast.assistant).post(path, sent)
    assert made.status_code == 201
    assert made.data["slug"] == "night-shift"
    assert made.data["opens_at"].startswith("2026-10-25T00:30")
    assert made.data["closes_at"].startswith("2026-12-01T10:00")
    assert "comes twice" in made.data["notes"][0]
    assert client_of(cast.assistant).post(path, sent).data["slug"] == "night-shift-2"
    skipped = client_of(cast.assistant).post(path, sent | {"opens_at": "2026-03-29T02:30"})
    assert skipped.status_code == 400
    assert "nearest times" in skipped.data["errors"]["opens_at"][0]
    late = client_of(cast.assistant).post(path, sent | {"closes_at": "2026-10-25T02:30"})
    assert late.status_code == 201  # the later of two, so the competition lasts an hour
    swapped = client_of(cast.assistant).post(path, sent | {"closes_at": "2026-10-24T02:30"})
    assert swapped.status_code == 400
    assert "closes after it opens" in swapped.data["detail"]


def test_the_log_keeps_only_what_changed(cast: Cast, competition: Competition) -> None:
    client = client_of(cast.assistant)
    client.patch(f"{HALVES}/settings", {"daily_limit": 7, "queue_limit": 5})
    action = LoggedAction.objects.order_by("-id")[0]
    assert (action.before, action.after) == ({"daily_limit": 5}, {"daily_limit": 7})
    count = LoggedAction.objects.count()
    client.patch(f"{HALVES}/settings", {"daily_limit": 7})
    assert LoggedAction.objects.count() == count


def test_one_team_may_submit_for_longer(cast: Cast, competition: Competition) -> None:
    competition.closes_at = timezone.now() - timedelta(hours=1)
    competition.save()
    with pytest.raises(NotOpen):
        submit(cast.student, competition)
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    given = client_of(cast.assistant).post(
        f"{HALVES}/extensions", {"team": "STUDENT", "closes_at": until}
    )
    assert given.status_code == 201
    submit(cast.student, competition)
    with pytest.raises(NotOpen):
        submit(cast.classmate, competition)
    shown = client_of(cast.student).get(HALVES).data
    assert shown["is_open"] is True
    assert shown["your_deadline"].startswith(until[:19])
    assert client_of(cast.classmate).get(HALVES).data["is_open"] is False
    path = f"{HALVES}/extensions/{given.data['id']}"
    assert client_of(cast.assistant).delete(path).status_code == 204
    with pytest.raises(NotOpen):
        submit(cast.student, competition)


@pytest.mark.parametrize("who", ["stranger", "nobody", "student\x07", "x" * 200])
def test_only_members_get_extensions(who: str, cast: Cast, competition: Competition) -> None:
    sent = {"team": who, "closes_at": "2080-01-01T10:00"}
    answer = client_of(cast.assistant).post(f"{HALVES}/extensions", sent)
    assert answer.status_code in {400, 422}
    assert not Team.objects.exists()


def test_an_extension_is_no_shortening(cast: Cast, competition: Competition) -> None:
    sent = {"team": "student", "closes_at": "2020-01-01T10:00"}
    assert client_of(cast.assistant).post(f"{HALVES}/extensions", sent).status_code == 422
    client_of(cast.assistant).post(f"{HALVES}/extensions", sent | {"closes_at": "2080-01-01T10:00"})
    extension = TeamExtension.objects.get()
    competition.closes_at = extension.closes_at + timedelta(days=1)
    assert deadline_of(competition=competition, team=extension.team) == competition.closes_at


def test_revealing_is_reversible_and_logged_once(cast: Cast, competition: Competition) -> None:
    client = client_of(cast.instructor)
    for address, revealed in (("reveal", True), ("reveal", True), ("unreveal", False)):
        assert client.post(f"{HALVES}/{address}").data["private_revealed"] is revealed
    logged = LoggedAction.objects.filter(action__startswith="board_").values_list("action")
    assert [action for (action,) in logged.order_by("id")] == ["board_reveal", "board_hide"]


def test_announcements_come_newest_first_and_run_nothing(
    cast: Cast, competition: Competition
) -> None:
    client = client_of(cast.assistant)
    for title in ("First", "Second"):
        text = "**Bold** <script>alert(1)</script> [x](javascript:alert(1))"
        client.post(f"{HALVES}/announcements", {"title": title, "text": text})
    listed = client_of(cast.student).get(f"{HALVES}/announcements").data
    assert [each["title"] for each in listed] == ["Second", "First"]
    browser = client_of(cast.student)
    browser.force_login(cast.student)
    page = browser.get("/competitions/halves/").content.decode()
    assert page.index("Second") < page.index("First")
    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page and 'href="javascript' not in page
