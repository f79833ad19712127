"""Diagnostics are kept with the scores, and shown to the team and the course's staff."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from evaluators.report import Split
from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Diagnostic, Evaluation
from server.submissions.refusals import StaleClaim
from tests.server.cast import Cast, client_of
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit
from tests.server.told import report_told, told_bars, told_texts

OTHERS = ("classmate", "stranger", "foreign_assistant", "foreign_instructor")


@pytest.fixture
def evaluation(cast: Cast, competition: Competition) -> Evaluation:
    return judged(cast.student, competition, report_told())


def _path(evaluation: Evaluation, name: str = "") -> str:
    return f"/api/v1/submissions/{evaluation.submission.public_id}/diagnostics{name}"


def _pictures() -> list[Path]:
    return list(Path(settings.STORAGE_DIR).glob("results/*/*.png"))


@pytest.mark.parametrize("name", ["student", "assistant", "instructor"])
def test_they_are_shown_with_their_pictures(name: str, cast: Cast, evaluation: Evaluation) -> None:
    client = client_of(cast.named(name))
    texts, bars = client.get(_path(evaluation)).json()["results"]
    assert (texts["name"], texts["split"], texts["picture"]) == ("texts", "practice", None)
    assert bars["caption"] == told_bars().caption
    assert bars["data"] == told_bars().data
    response = client.get(bars["picture"])
    assert response.getvalue() == told_bars().picture
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == 'inline; filename="error_by_stratum.png"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_gets_them(name: str, cast: Cast, evaluation: Evaluation) -> None:
    client = client_of(cast.named(name))
    assert client.get(_path(evaluation)).status_code == 404
    assert client.get(_path(evaluation, "/error_by_stratum.png")).status_code == 404
    assert client_of(None).get(_path(evaluation, "/error_by_stratum.png")).status_code == 401


def test_what_is_no_picture_is_not_found(cast: Cast, evaluation: Evaluation) -> None:
    client = client_of(cast.student)
    for name in ("texts", "nothing", "..%2fstatistics"):
        assert client.get(_path(evaluation, f"/{name}.png")).status_code == 404
    assert client.get(_path(evaluation, "/statistics.npz")).status_code == 404


def test_pictures_of_another_submission_are_not_under_ones_own(
    cast: Cast, competition: Competition, evaluation: Evaluation
) -> None:
    mine = judged(cast.classmate, competition, report_scored(0.5))
    client = client_of(cast.classmate)
    assert client.get(_path(mine)).json() == {"results": []}
    assert client.get(_path(mine, "/error_by_stratum.png")).status_code == 404


def test_a_practice_diagnostic_is_kept_when_the_judged_stage_fails(
    cast: Cast, competition: Competition
) -> None:
    report = replace(report_failed("exited"), diagnostics=(told_texts(),))
    failed = judged(cast.student, competition, report)
    names = [one["name"] for one in client_of(cast.student).get(_path(failed)).json()["results"]]
    assert names == ["texts"]


def test_those_of_the_latest_evaluation_are_shown(cast: Cast, evaluation: Evaluation) -> None:
    again = Evaluation.objects.create(
        submission=evaluation.submission,
        team=evaluation.team,
        task_version=evaluation.task_version,
        queued_at=evaluation.queued_at,
    )
    evaluation_finish(claim=claim_next(), report=report_scored(0.4))
    assert client_of(cast.student).get(_path(again)).json() == {"results": []}
    assert evaluation.diagnostics.count() == 2


def test_a_stale_claim_leaves_neither_rows_nor_pictures(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.student, competition)
    before = len(_pictures())
    stale = replace(claim_next(), token=99)
    with pytest.raises(StaleClaim):
        evaluation_finish(claim=stale, report=report_told())
    assert not Diagnostic.objects.exists() and len(_pictures()) == before


def test_texts_that_a_model_drew_are_kept_without_nul(cast: Cast, evaluation: Evaluation) -> None:
    kept = evaluation.diagnostics.get(name="texts")
    assert "\x00" not in str(kept.data) and "�" in kept.data["rows"][0][1]


def test_the_private_split_has_no_place(cast: Cast, evaluation: Evaluation) -> None:
    hidden = replace(told_bars(), name="private", split=Split.PRIVATE)
    with pytest.raises(IntegrityError), transaction.atomic():
        judged(
            cast.classmate,
            evaluation.submission.competition,
            replace(report_told(), diagnostics=(hidden,)),
        )
    assert not Diagnostic.objects.filter(split="private").exists()
