from datetime import UTC, datetime, timedelta

from django.test import Client
from django.utils import timezone

from server.competitions.models import Competition
from tests.server.cast import Cast


def text_of(client: Client, tab: str = "") -> str:
    return client.get(f"/competitions/halves/{tab}").content.decode()


def describe(competition: Competition, text: str) -> None:
    version = competition.task_version
    version.description = text
    version.save()


def test_it_renders_the_description(competition: Competition, student: Client) -> None:
    describe(competition, "# Halves\n\nSay *which*.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n")
    page = text_of(student)
    assert "<em>which</em>" in page and '<table class="table">' in page
    assert "<h2>Halves</h2>" not in page, "the page has this heading already"


def test_html_in_the_description_stays_text(competition: Competition, student: Client) -> None:
    describe(competition, "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n<b>b</b>")
    page = text_of(student)
    assert "<script>alert" not in page and "<b>b</b>" not in page
    assert 'href="javascript' not in page


def test_times_are_those_of_the_course(competition: Competition, student: Client) -> None:
    competition.opens_at = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
    competition.closes_at = datetime(2036, 6, 30, 21, 59, tzinfo=UTC)
    competition.save()
    page = text_of(student)
    assert "31 Jan 2026, 23:30 CET" in page
    assert "30 Jun 2036, 23:59 CEST" in page
    assert 'datetime="2036-06-30T21:59:00+00:00"' in page


def test_it_says_what_goes_in_and_out(competition: Competition, student: Client) -> None:
    page = text_of(student, "data/")
    assert "[n, 2]" in page and "points" in page
    assert "a probability for each of left, right" in page
    assert "40 %" in page


def test_the_kit_says_the_three_steps(competition: Competition, student: Client) -> None:
    page = text_of(student, "kit/")
    places = [
        page.index(step)
        for step in (
            "python -m pip install http://testserver/client/springboard-",
            "springboard login http://testserver",
            "springboard download halves",
            "/api/v1/competitions/halves/kit",
            "springboard check",
            "springboard submit",
            "http://testserver/api/v1/competitions/halves/submissions",
        )
    ]
    assert places == sorted(places)


def test_the_downloads_of_the_kit_page_work(
    competition: Competition, student: Client, prepared_files: None
) -> None:
    for name in ("kit", "data"):
        response = student.get(f"/api/v1/competitions/halves/{name}")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/zip"


def test_participants_wait_for_the_downloads_until_it_opens(
    cast: Cast, competition: Competition, student: Client, instructor: Client
) -> None:
    competition.opens_at = timezone.now() + timedelta(days=1)
    competition.save()
    assert "The downloads open with the competition" in text_of(student, "kit/")
    assert "Download the kit" in text_of(instructor, "kit/")
