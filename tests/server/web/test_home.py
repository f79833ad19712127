from datetime import timedelta

from django.test import Client
from django.utils import timezone

from server.competitions.models import Competition, Visibility
from server.courses.services import course_join
from tests.server.cast import Cast, competition_make


def text_of(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_tells_a_visitor_what_this_is_and_how_to_begin(db: None) -> None:
    page = text_of(Client())
    assert "/signup/" in page and "/login/" in page
    assert "No public competitions" in page


def test_it_shows_public_competitions_to_a_visitor(competition: Competition) -> None:
    competition.visibility = Visibility.PUBLIC
    competition.save()
    assert "/competitions/halves/" in text_of(Client())


def test_it_hides_a_courses_competitions_from_others(cast: Cast, competition: Competition) -> None:
    assert "/competitions/halves/" not in text_of(Client())
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert "/competitions/halves/" not in text_of(stranger)


def test_it_sends_who_has_no_course_to_the_invite_code(cast: Cast) -> None:
    cast.stranger.memberships.all().delete()
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert "Join your course" in text_of(stranger)


def test_it_says_that_nothing_is_open_yet(student: Client) -> None:
    page = text_of(student)
    assert "Nothing is open yet" in page and "Spring school" in page


def test_it_puts_open_competitions_first(
    cast: Cast, competition: Competition, student: Client
) -> None:
    now = timezone.now()
    course_join(user=cast.student, invite_code=cast.other_course.invite_code)
    version = competition.task_version
    over = competition_make(cast.course, slug="over", task_version=version)
    over.closes_at = now - timedelta(days=1)
    over.save()
    soon = competition_make(cast.other_course, slug="soon", task_version=version)
    soon.opens_at = now + timedelta(days=1)
    soon.save()
    page = text_of(student)
    places = [page.index(f"/competitions/{slug}/") for slug in ("halves", "soon", "over")]
    assert places == sorted(places)
