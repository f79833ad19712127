"""A worker that can't reach the database, was frozen, or has to stop."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, connections

from evaluators.report import EvaluationReport
from server.competitions.models import Competition
from server.leaderboards import lease, services, stopping, worker
from server.leaderboards.lease import LeaseKeeper
from server.leaderboards.models import Standing
from server.leaderboards.services import evaluation_finish
from server.leaderboards.worker import Worked, evaluation_work
from server.submissions.claim import Heartbeat
from server.submissions.models import Evaluation, Score, Status
from server.submissions.services import (
    LEASE,
    evaluation_cancel,
    evaluation_watch,
    leases_sweep,
)
from tests.server.cast import Cast
from tests.server.judging import claim_next, evaluation_of, report_failed, report_scored, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("prepared_files")]

Judge = Callable[..., EvaluationReport]


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Judge], None]:
    """Puts a judge of the test in the place of the sandboxed one."""
    monkeypatch.setattr(worker, "sandbox", functools.cache(lambda: None))
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.05)
    return lambda judge: monkeypatch.setattr(worker, "evaluate", judge)


@pytest.fixture(autouse=True)
def _not_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_how_far", bytearray(1))


def _until_stopped(*, cancelled: threading.Event, **_: object) -> EvaluationReport:
    assert cancelled.wait(10)
    return report_failed("cancelled")


@contextmanager
def _statements_fail(seen: Callable[[str], bool], error: type[Exception]) -> Iterator[list[str]]:
    """Lets statements of this thread's connection fail as if the database were gone."""
    failed: list[str] = []

    def wrap(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if seen(sql):
            failed.append(sql)
            raise error("server closed the connection unexpectedly")
        return execute(sql, *rest)

    with connection.execute_wrapper(wrap):
        yield failed


def test_a_hung_database_stops_the_work_when_the_lease_is_over(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(cast.student, competition)
    hangs, asked = threading.Event(), threading.Event()

    def hang(**_: object) -> Heartbeat:
        asked.set()
        hangs.wait(30)
        return Heartbeat(is_ours=True)

    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(lease, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(lease, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(lease, "evaluation_watch", hang)
    monkeypatch.setattr(lease, "evaluation_heartbeat", hang)
    with LeaseKeeper(claim_next()) as keeper:
        assert asked.wait(10)
        assert keeper.stop.wait(10)
        assert keeper.lost
    # The work's end does not wait for the query, either.
    assert any(thread.name == "lease" for thread in threading.enumerate())
    hangs.set()


def test_what_hangs_in_our_own_code_is_given_up_though_the_database_answers(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.05)
    submit(cast.student, competition)
    claim = claim_next()
    assert claim.longest > 600
    with LeaseKeeper(replace(claim, longest=0.3)) as keeper:
        assert keeper.stop.wait(10)
    assert keeper.lost


def test_who_was_frozen_past_the_lease_sees_it_before_anything_else(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of its threads has run again, and no database was asked."""
    submit(cast.student, competition)
    keeper = LeaseKeeper(claim_next())
    assert not keeper.lost
    woken = time.monotonic() + LEASE.total_seconds()
    monkeypatch.setattr(time, "monotonic", lambda: woken)
    assert keeper.lost


def test_a_heartbeat_survives_a_connection_that_died(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    """As after a restart of the database: the next look opens another connection."""
    looked = threading.Semaphore(0)
    broken = threading.Event()

    def judge(**_wanted: object) -> EvaluationReport:
        broken.set()
        for _ in range(3):
            assert looked.acquire(timeout=10)
        return report_scored(0.5)

    def watch(**wanted: object) -> object:
        if broken.is_set():
            broken.clear()
            own = connections["default"]
            own.ensure_connection()
            own.connection.close()
        found = real(**wanted)  # type: ignore[arg-type]
        looked.release()
        return found

    judging(judge)
    real = evaluation_watch
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lease, "evaluation_watch", watch)
        submission = submit(cast.student, competition)
        assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert evaluation_of(submission).verdict == "scored"


def test_what_the_database_does_not_take_at_once_is_written_later(
    cast: Cast,
    competition: Competition,
    judging: Callable[[Judge], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    judging(lambda **_: report_scored(0.5))
    submission = submit(cast.student, competition)
    failures = iter([True, True])

    def gone(sql: str) -> bool:
        return sql.startswith("INSERT") and "score" in sql and next(failures, False)

    with _statements_fail(gone, OperationalError) as failed:
        assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert len(failed) == 2
    row = evaluation_of(submission)
    assert (row.verdict, row.attempt, row.failures) == ("scored", 1, 0)
    assert Score.objects.filter(split="public").count() == 2
    assert "it is tried again" in caplog.text


def test_an_answer_that_was_lost_does_not_undo_what_was_written(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database had taken it, and died before it said so."""
    submission = submit(cast.student, competition)
    real, answers = services._finish, []

    def finish(*arguments: object) -> Evaluation:
        answers.append(real(*arguments))  # type: ignore[arg-type]
        if len(answers) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return answers[-1]

    monkeypatch.setattr(services, "_finish", finish)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5), worth_it=lambda: True)
    assert len(answers) == 2
    row = evaluation_of(submission)
    assert Score.objects.filter(split="public").count() == 2
    assert Standing.objects.get().evaluation == row
    # What the row points to is there.
    assert default_storage.exists(row.statistics_key)
    assert default_storage.exists(row.predictions_key)


def test_a_database_that_stays_away_costs_no_more_than_the_lease(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    judging(lambda **_: report_scored(0.5))
    submission = submit(cast.student, competition)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lease, "LEASE", timedelta(seconds=0.6))
        patched.setattr(lease, "BEAT_SECONDS", 60)
        with _statements_fail(lambda sql: '"verdict" =' in sql, OperationalError) as failed:
            assert evaluation_work(queue="cpu") is Worked.LOST
    assert len(failed) > 1
    assert evaluation_of(submission).status == Status.RUNNING
    Evaluation.objects.update(lease_until="2020-01-01T00:00Z")
    assert leases_sweep().requeued == 1


def test_one_that_must_stop_gives_back_what_it_judges_and_that_is_no_failure(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**wanted: object) -> EvaluationReport:
        stopping.give_back()
        return _until_stopped(**wanted)  # type: ignore[arg-type]

    judging(judge)
    submission = submit(cast.student, competition)
    for attempt in range(1, 6):
        stopping._how_far[0] = 0
        assert evaluation_work(queue="cpu") is Worked.GIVEN_BACK
        row = evaluation_of(submission)
        assert (row.status, row.attempt, row.failures) == (Status.QUEUED, attempt, 0)
    assert evaluation_work(queue="cpu") is Worked.STOPPING


def test_who_has_a_result_when_it_must_stop_keeps_it(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(*, cancelled: threading.Event, **_: object) -> EvaluationReport:
        stopping.give_back()
        assert cancelled.wait(10)
        return report_scored(0.5)

    judging(judge)
    submission = submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert evaluation_of(submission).verdict == "scored"


def test_cancelled_and_told_to_stop_it_ends_cancelled(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**wanted: object) -> EvaluationReport:
        evaluation_cancel(evaluation=Evaluation.objects.get())
        stopping.give_back()
        return _until_stopped(**wanted)  # type: ignore[arg-type]

    judging(judge)
    submission = submit(cast.student, competition)
    evaluation_work(queue="cpu")
    assert evaluation_of(submission).status == Status.CANCELLED


def test_one_that_stops_takes_nothing_more(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    judging(lambda **_: report_scored(0.5))
    submission = submit(cast.student, competition)
    stopping.stop()
    assert evaluation_work(queue="cpu") is Worked.STOPPING
    assert evaluation_of(submission).attempt == 0
