"""Whose fault it is, and what the worker does then."""

import functools
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from pytest_django import Settings

from evaluators.errors import InfrastructureError, TaskError
from evaluators.report import EvaluationReport, Log, Progress, Stage
from server.competitions.models import Competition
from server.leaderboards import lease, worker
from server.leaderboards.jobs import evaluate_next
from server.leaderboards.presence import WORKER
from server.leaderboards.worker import Worked, evaluation_work
from server.submissions import waiting
from server.submissions.models import Evaluation, Status, Worker
from server.submissions.selectors import waiting_reason
from server.submissions.services import evaluation_cancel, leases_sweep, worker_trouble
from tests.server.cast import Cast
from tests.server.judging import evaluation_of, report_scored, submit
from tests.server.submissions.gpu import online

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("prepared_files")]

Judge = Callable[..., EvaluationReport]


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Judge], None]:
    """Puts a judge of the test in the place of the sandboxed one."""
    monkeypatch.setattr(worker, "sandbox", functools.cache(lambda: None))
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.05)
    return lambda judge: monkeypatch.setattr(worker, "evaluate", judge)


def test_it_finishes_what_is_judged(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    judging(lambda **_: report_scored(0.5))
    submission = submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert evaluation_of(submission).verdict == "scored"
    assert evaluation_work(queue="cpu") is Worked.NOTHING_WAITS


@pytest.mark.parametrize(
    "error", [InfrastructureError("no disk"), RuntimeError("a bug of ours"), MemoryError()]
)
def test_our_faults_are_tried_again_and_keep_their_traceback(
    error: Exception, cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**_: object) -> EvaluationReport:
        raise error

    judging(judge)
    submission = submit(cast.student, competition)
    for _ in range(3):
        assert evaluation_work(queue="cpu") is Worked.OUR_FAULT
        # It leaves it to others, who may do better; here there are none.
        assert evaluation_work(queue="cpu") is Worked.NOTHING_WAITS
        Evaluation.objects.update(left_until=None)
    row = evaluation_of(submission)
    assert (row.status, row.verdict, row.message_code) == (Status.ERROR, "", "our_fault")
    assert "in judge" in row.error
    assert type(error).__name__ in row.error


def test_a_worker_without_a_sandbox_takes_nothing(
    cast: Cast,
    competition: Competition,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.SANDBOX = "padded cell"
    worker.sandbox.cache_clear()
    submission = submit(cast.student, competition)
    evaluate_next("cpu")
    row = evaluation_of(submission)
    assert (row.status, row.attempt) == (Status.QUEUED, 0)
    assert "padded cell" in caplog.text


def test_a_worker_that_can_not_judge_is_listed_with_its_trouble(
    cast: Cast, competition: Competition, settings: Settings
) -> None:
    waits = evaluation_of(submit(cast.student, competition))
    online(WORKER, "cpu")
    settings.SANDBOX = "padded cell"
    worker.sandbox.cache_clear()
    assert evaluation_work(queue="cpu") is Worked.NOT_READY
    assert "padded cell" in Worker.objects.get().trouble
    assert waiting_reason(evaluation=waits) == waiting.UNFIT


def test_a_worker_that_was_repaired_says_so_by_itself(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    judging(lambda **_: report_scored(0.5))
    online(WORKER, "cpu")
    worker_trouble(name=WORKER, trouble="no sandbox")
    submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert Worker.objects.get().trouble == ""


def test_after_a_fault_the_sandbox_is_tried_before_anything_else_is_claimed(
    cast: Cast,
    competition: Competition,
    judging: Callable[[Judge], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine_works = [True]

    def sandbox() -> None:
        if not engine_works[0]:
            raise InfrastructureError("the engine is gone")

    def judge(**_: object) -> EvaluationReport:
        engine_works[0] = False
        raise InfrastructureError("the engine is gone")

    judging(judge)
    monkeypatch.setattr(worker, "sandbox", functools.cache(sandbox))
    submit(cast.student, competition)
    submit(cast.classmate, competition)
    assert evaluation_work(queue="cpu") is Worked.OUR_FAULT
    assert [evaluation_work(queue="cpu") for _ in range(9)] == [Worked.NOT_READY] * 9
    # Nobody's three attempts are used up by an engine that is gone.
    assert sorted(Evaluation.objects.values_list("attempt", "status")) == [
        (0, Status.QUEUED),
        (1, Status.QUEUED),
    ]


def test_a_fault_of_the_task_is_not_tried_again(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**_: object) -> EvaluationReport:
        raise TaskError("no labels")

    judging(judge)
    submission = submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.TASK_FAULT
    assert evaluation_of(submission).error == "no labels"


def test_what_the_model_prints_is_shown_while_it_runs(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    shown: list[tuple[str, str]] = []

    def judge(*, on_progress: Callable[[Progress], None], **_: object) -> EvaluationReport:
        on_progress(Progress(Stage.PRACTICE, Log("epoch 1\n")))
        until = time.monotonic() + 10
        while not shown and time.monotonic() < until:
            row = Evaluation.objects.get()
            if row.practice_log:
                shown.append((row.stage, row.practice_log))
            time.sleep(0.02)
        return report_scored(0.5)

    judging(judge)
    submit(cast.student, competition)
    evaluation_work(queue="cpu")
    assert shown == [("practice", "epoch 1\n")]


def test_asking_to_cancel_reaches_the_judge(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(*, cancelled: threading.Event, **_: object) -> EvaluationReport:
        evaluation_cancel(evaluation=Evaluation.objects.get())
        assert cancelled.wait(10)
        return report_scored(0.5)

    judging(judge)
    submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.FINISHED


def test_a_worker_that_lost_its_claim_is_stopped_and_writes_nothing(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(*, cancelled: threading.Event, **_: object) -> EvaluationReport:
        Evaluation.objects.update(lease_until="2020-01-01T00:00Z")
        leases_sweep()
        assert cancelled.wait(10)
        return report_scored(0.5)

    judging(judge)
    submission = submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.LOST
    assert evaluation_of(submission).status == Status.QUEUED


def test_a_machine_whose_files_are_not_the_competitions_leaves_it_to_others(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None], settings: Settings
) -> None:
    path = settings.TASKS_DIR / "halves" / "prepare.py"
    path.write_text("# another recipe\n")
    submission = submit(cast.student, competition)
    assert evaluation_work(queue="cpu") is Worked.OUR_FAULT
    row = evaluation_of(submission)
    assert row.status == Status.QUEUED
    assert "halves" in row.error
    assert evaluation_work(queue="cpu") is Worked.NOTHING_WAITS


def test_a_job_rings_for_what_still_waits(
    cast: Cast,
    competition: Competition,
    judging: Callable[[Judge], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("server.leaderboards.jobs.ring", lambda *, queue: rung.append(queue))
    judging(lambda **_: report_scored(0.5))
    for number in range(2):
        submit(cast.student, competition, content=b"%d" % number)
    evaluate_next("cpu")
    assert rung == ["cpu"]
    evaluate_next("cpu")
    evaluate_next("cpu")
    assert rung == ["cpu"]


def test_the_lease_keepers_thread_leaves_no_connection(
    cast: Cast, competition: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**_: object) -> EvaluationReport:
        time.sleep(0.3)
        return report_scored(0.5)

    judging(judge)
    submit(cast.student, competition)
    evaluation_work(queue="cpu")
    assert not [thread for thread in threading.enumerate() if thread.name == "lease"]
    assert connection.is_usable()
