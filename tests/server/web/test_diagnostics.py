"""The part of a submission's page that tells where a model is good and where it is not."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition
from tests.server.cast import Cast
from tests.server.judging import judged, report_failed, report_scored, submit
from tests.server.told import report_told


def page_of(client: Client, public_id: str) -> str:
    return client.get(f"/submissions/{public_id}/").content.decode()


def test_figures_come_first_with_words_for_who_does_not_see_them(
    cast: Cast, competition: Competition, student: Client
) -> None:
    public_id = judged(cast.student, competition, report_told()).submission.public_id
    page = page_of(student, public_id)
    assert page.index("Error by half") < page.index("Hardest texts")
    ((source, alt),) = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page)
    assert alt == "The model&#x27;s percent wrong by half."
    assert student.get(source).headers["Content-Type"] == "image/png"
    assert "Public split, groups only" in page
    assert "Left out, so that nothing is told of fewer than 20 units: middle." in page
    assert "10 more rows" in page
    assert f"springboard diagnostics {public_id}" in page


def test_texts_are_shown_as_text(cast: Cast, competition: Competition, student: Client) -> None:
    page = page_of(student, judged(cast.student, competition, report_told()).submission.public_id)
    assert "<script>alert(&#x27;" not in page and "<script>alert('" not in page
    assert "&lt;script&gt;alert(&#x27;told&#x27;)&lt;/script&gt; $x^{2$" in page


def test_nothing_is_said_before_there_is_something_to_say(
    cast: Cast, competition: Competition, student: Client
) -> None:
    waiting = submit(cast.student, competition)
    assert "Diagnostics" not in page_of(student, waiting.public_id)


def test_it_says_why_there_are_none(cast: Cast, competition: Competition, student: Client) -> None:
    page = page_of(
        student, judged(cast.student, competition, report_scored(0.5)).submission.public_id
    )
    assert "There are none" in page
    refused = judged(cast.student, competition, report_failed())
    assert "There are none" not in page_of(student, refused.submission.public_id)


@pytest.mark.parametrize("path", ["", "status/"])
def test_classmates_see_nothing(path: str, cast: Cast, competition: Competition) -> None:
    public_id = judged(cast.student, competition, report_told()).submission.public_id
    classmate = Client()
    classmate.force_login(cast.classmate)
    assert classmate.get(f"/submissions/{public_id}/{path}").status_code == 404
    picture = f"/api/v1/submissions/{public_id}/diagnostics/error_by_stratum.png"
    assert classmate.get(picture).status_code == 404


def test_a_page_asks_once_for_all_of_them(
    cast: Cast, competition: Competition, student: Client
) -> None:
    counts = []
    for report in (report_scored(0.5), report_told()):
        public_id = judged(cast.student, competition, report).submission.public_id
        with CaptureQueriesContext(connection) as captured:
            page_of(student, public_id)
        counts.append(len(captured))
    assert counts[0] == counts[1]
