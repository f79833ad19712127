"""A course is run on its pages: from a new course to a reveal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from server.competitions.models import Competition
from server.competitions.services import CompetitionChanges, competition_edit, extension_give
from server.courses.models import Course, Membership
from tests.server.cast import Cast, competition_make, operator_make
from tests.server.judging import submit
from tests.server.web.conftest import browser_of

MANAGE = "/competitions/halves/manage/"


def _settings(**changes: str) -> dict[str, str]:
    return {
        "title": "Halves",
        "opens_at": "2026-01-01T10:00",
        "closes_at": "2027-01-01T10:00",
        "daily_limit": "5",
        "invalid_daily_limit": "20",
        "queue_limit": "5",
        "visibility": "course",
        "kind": "standard",
    } | changes


def _seen(browser: Client) -> str:
    page = browser.get(f"{MANAGE}edit/")
    return str(page.context["seen"])


def test_from_a_new_course_to_its_first_competition(cast: Cast, competition: Competition) -> None:
    browser = Client()
    browser.force_login(operator_make())
    assert "/create-course/" in browser.get("/").content.decode()
    assert "/create-course/" in browser.get("/account/").content.decode()
    sent = {"title": "My class", "slug": "mine", "time_zone": "Europe/Prague"}
    page = browser.post("/create-course/", sent, follow=True)
    course = Course.objects.get(slug="mine")
    assert f"/join/{course.invite_code}/" in page.content.decode()
    opened = _settings(title="First steps", task=str(competition.task_version_id), slug="")
    page = browser.post("/manage/mine/open/", opened, follow=True)
    assert page.redirect_chain == [("/competitions/first-steps/manage/", 302)]
    assert "First steps is set up." in page.content.decode()
    made = Competition.objects.get(slug="first-steps")
    assert made.closes_at.isoformat() == "2027-01-01T09:00:00+00:00"


@pytest.mark.parametrize("slug", ["join", "spring", "a b"])
def test_a_course_needs_an_address_of_its_own(slug: str, cast: Cast) -> None:
    sent = {"title": "My class", "slug": slug, "time_zone": "Europe/Prague"}
    browser = Client()
    browser.force_login(operator_make())
    assert browser.post("/create-course/", sent).status_code == 422
    assert Course.objects.count() == 2


def test_a_skipped_time_is_refused_with_the_nearest(
    instructor: Client, cast: Cast, competition: Competition
) -> None:
    page = instructor.post(f"{MANAGE}deadline/", {"closes_at": "2027-03-28T02:30"})
    assert page.status_code == 422
    assert "nearest times are 2027-03-28 01:59 and 2027-03-28 03:00" in page.content.decode()
    competition.refresh_from_db()
    assert competition.closes_at.month != 3 or competition.closes_at.hour != 1


def test_a_deadline_that_comes_twice_is_the_later_and_says_so(
    instructor: Client, competition: Competition
) -> None:
    page = instructor.post(f"{MANAGE}deadline/", {"closes_at": "2027-10-31T02:30"}, follow=True)
    assert "The later one is taken: 02:30 CET, 01:30 UTC." in page.content.decode()
    competition.refresh_from_db()
    assert competition.closes_at.isoformat() == "2027-10-31T01:30:00+00:00"
    # Saving the settings as they are shown must not move it to the earlier one.
    shown = instructor.get(f"{MANAGE}edit/").context["form"].initial
    instructor.post(f"{MANAGE}edit/", {**shown, "daily_limit": 9, "seen": _seen(instructor)})
    competition.refresh_from_db()
    assert competition.daily_limit == 9
    assert competition.closes_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_a_stale_form_takes_nothing_back(
    instructor: Client, cast: Cast, competition: Competition
) -> None:
    seen = _seen(instructor)
    later = competition.closes_at + timedelta(days=7)
    competition_edit(
        competition=competition,
        actor=cast.assistant,
        changes=CompetitionChanges(closes_at=later),
    )
    refused = instructor.post(f"{MANAGE}edit/", _settings(seen=seen))
    assert refused.status_code == 422
    assert "Somebody changed these settings" in refused.content.decode()
    competition.refresh_from_db()
    assert competition.closes_at == later
    assert instructor.post(f"{MANAGE}edit/", _settings(seen=_seen(instructor))).status_code == 302


def test_the_submit_page_is_open_for_an_extended_team(cast: Cast, competition: Competition) -> None:
    competition.closes_at = timezone.now() - timedelta(hours=1)
    competition.save()
    until = timezone.now() + timedelta(hours=1)
    extension_give(competition=competition, actor=cast.assistant, who="student", closes_at=until)
    path = "/competitions/halves/submit/"
    assert "submit-form" in browser_of(cast, "student").get(path).content.decode()
    assert "submit-form" not in browser_of(cast, "classmate").get(path).content.decode()


def test_a_reveal_asks_first_and_warns_while_work_goes_on(
    instructor: Client, competition: Competition
) -> None:
    page = instructor.get(f"{MANAGE}reveal/").content.decode()
    assert "Submissions are still taken until" in page
    competition.refresh_from_db()
    assert not competition.private_revealed
    for _ in range(2):  # a second click does not turn it back
        instructor.post(f"{MANAGE}reveal/", {"revealed": "yes"})
    competition.refresh_from_db()
    assert competition.private_revealed


def test_a_removal_can_change_the_code_too(instructor: Client, cast: Cast) -> None:
    member = Membership.objects.get(user=cast.student)
    path = f"/manage/spring/members/{member.pk}/remove/"
    instructor.post(path, {"change_code": "yes"})
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert Course.objects.get(slug="spring").invite_code != cast.course.invite_code


def test_pages_of_a_search_keep_it(instructor: Client, cast: Cast) -> None:
    course = cast.course
    competition = competition_make(course, daily_limit=100, queue_limit=100)
    for _ in range(51):
        submit(cast.student, competition, message="a try")
    submit(cast.classmate, competition)
    first = instructor.get(f"{MANAGE}submissions/?search=a+try")
    assert len(first.context["lines"]) == 50
    cursor = first.context["next_cursor"]
    assert "?search=a+try&amp;cursor=" in first.content.decode()
    second = instructor.get(f"{MANAGE}submissions/", {"search": "a try", "cursor": cursor})
    assert len(second.context["lines"]) == 1
