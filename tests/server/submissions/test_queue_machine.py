"""The queue against a model: whatever happens in whatever order, nothing is stuck, lost or double.

The real services and database; the model is plain Python. Time passes by moving all that is noted
into the past. Workers freeze, wake and deliver late or twice, as claims are used in any order.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluators.report import EvaluationReport, Progress, Stage
from server.competitions.models import Competition
from server.competitions.selectors import team_find
from server.courses.models import Action, LoggedAction
from server.leaderboards.services import evaluation_finish, standings_compare
from server.submissions.claim import Claim
from server.submissions.models import Evaluation, Score, Submission
from server.submissions.refusals import (
    DailyLimitReached,
    NotCancellable,
    NotJudgedAgain,
    QueueFull,
    StaleClaim,
)
from server.submissions.selectors import quota_of
from server.submissions.services import (
    LEASE,
    evaluation_again,
    evaluation_cancel,
    evaluation_claim,
    evaluation_fail,
    evaluation_heartbeat,
    evaluation_progress,
    evaluation_requeue,
    evaluation_return,
    evaluation_watch,
    leases_sweep,
)
from tests.server.cast import Cast, competition_make
from tests.server.judging import report_failed, report_scored, submit
from tests.server.submissions.queue_model import DAILY, WAITING, Judged, Model

REPORTS: dict[str, Callable[[], EvaluationReport]] = {
    "good": lambda: report_scored(0.2),
    "fair": lambda: report_scored(0.5),
    "poor": lambda: report_scored(0.9),
    "invalid": lambda: report_failed("no_model"),
    "crashed": lambda: report_failed("exited", Stage.JUDGED),
}
# What moves into the past as time passes.
MOVED = {"queued_at", "started_at", "left_until"}
QUIET = settings(
    # To shrink what fails takes longer than a test may.
    phases=[Phase.explicit, Phase.generate],
    max_examples=60,
    stateful_step_count=35,
    suppress_health_check=list(HealthCheck),
)


class Queue(RuleBasedStateMachine):
    """Three teams, any number of workers."""

    claims = Bundle("claims")

    def __init__(self, cast: Cast, competition: Competition) -> None:
        super().__init__()
        self._people = [cast.student, cast.classmate, cast.assistant]
        self._staff = cast.instructor
        self._competition = competition
        self._model = Model()
        self._ended: dict[int, dict[str, object]] = {}
        self._finished = 0
        self._at = timezone.now()
        self._before = transaction.savepoint()

    def teardown(self) -> None:
        try:
            self._comes_to_rest()
        finally:
            transaction.savepoint_rollback(self._before)

    # What people do.

    @initialize(many=st.lists(st.integers(0, 2), min_size=2, max_size=4))
    def some_wait(self, many: list[int]) -> None:
        """Otherwise most of what is tried would find nothing to happen to."""
        for who in many:
            self.submit_one(who)

    @rule(who=st.integers(0, 2))
    def submit(self, who: int) -> None:
        self.submit_one(who)

    def submit_one(self, who: int) -> None:
        team, model = who, self._model
        full = model.waits(team) >= WAITING
        spent = model.used(team) >= DAILY
        try:
            submission = submit(self._people[who], self._competition, at=self._at)
        except (QueueFull, DailyLimitReached):
            assert full or spent
            return
        assert not full
        assert not spent
        self._note(submission.evaluations.get(), team)

    @rule(data=st.data())
    @precondition(lambda self: self._model.all)
    def cancel(self, data: st.DataObject) -> None:
        # Mostly one that runs: of those there are few, and what waits is not to be cancelled away.
        running = [one for one in self._model.all.values() if one.runs]
        one = data.draw(st.sampled_from(running or list(self._model.all.values())))
        row = Evaluation.objects.get(pk=one.pk)
        if not one.active and one.status != "cancelled":
            with pytest.raises(NotCancellable):
                evaluation_cancel(evaluation=row)
            return
        evaluation_cancel(evaluation=row)
        if one.status == "queued" or (one.lease_until and one.lease_until < timezone.now()):
            one.end("cancelled", "cancelled")
        elif one.runs:
            one.cancel = True

    @rule(data=st.data())
    @precondition(lambda self: self._model.all)
    def judge_again(self, data: st.DataObject) -> None:
        failed = {one.sent for one in self._model.all.values() if one.status == "error"}
        sent = data.draw(st.sampled_from(sorted(failed or self._sent())))
        submission = Submission.objects.get(pk=sent)
        latest = self._model.latest(sent)
        if latest.status != "error":
            with pytest.raises(NotJudgedAgain):
                evaluation_again(submission=submission, by=self._staff)
            return
        self._note(evaluation_again(submission=submission, by=self._staff), latest.team)

    # What workers do. A ring that is lost is a claim that nobody makes; one that comes twice makes
    # two.

    @initialize(target=claims, worker=st.just("here"))
    def one_is_judged(self, worker: str) -> object:
        return self.claim_one(worker)

    @rule(target=claims, worker=st.sampled_from(["here", "there"]))
    def claim(self, worker: str) -> object:
        return self.claim_one(worker)

    def claim_one(self, worker: str) -> object:
        claim = self._claim(worker)
        return multiple() if claim is None else claim

    @rule(claim=claims)
    def heartbeat(self, claim: Claim) -> None:
        one = self._model.all[claim.evaluation_id]
        heard = evaluation_heartbeat(claim=claim)
        assert (heard.is_ours, heard.cancel_requested) == self._heard(one, claim)
        if heard.is_ours:
            one.lease_until = timezone.now() + LEASE

    @rule(claim=claims, stage=st.sampled_from([Stage.PRACTICE, Stage.JUDGED, Stage.SCORING]))
    def progress(self, claim: Claim, stage: Stage) -> None:
        one = self._model.all[claim.evaluation_id]
        heard = evaluation_progress(claim=claim, progress=Progress(stage))
        assert (heard.is_ours, heard.cancel_requested) == self._heard(one, claim)
        if heard.is_ours:
            one.status = "scoring" if stage is Stage.SCORING else "running"
            one.lease_until = timezone.now() + LEASE

    @rule(claim=claims)
    def watch(self, claim: Claim) -> None:
        heard = evaluation_watch(claim=claim)
        one = self._model.all[claim.evaluation_id]
        assert (heard.is_ours, heard.cancel_requested) == self._heard(one, claim)

    @rule(claim=claims, kind=st.sampled_from(sorted(REPORTS)))
    def finish(self, claim: Claim, kind: str) -> None:
        one = self._model.all[claim.evaluation_id]
        report = REPORTS[kind]()
        if not self._is_ours(one, claim):
            same = (one.attempt, one.status, one.verdict) == (claim.token, "done", report.verdict)
            if same and report.statistics is None:
                # Delivered again: it is told that it was taken, and nothing changes.
                evaluation_finish(claim=claim, report=report)
                return
            with pytest.raises(StaleClaim):
                evaluation_finish(claim=claim, report=report)
            return
        self._finish(claim, kind)

    @rule(claim=claims)
    def stop_as_asked(self, claim: Claim) -> None:
        one = self._model.all[claim.evaluation_id]
        if one.cancel and self._is_ours(one, claim):
            evaluation_finish(claim=claim, report=report_failed("cancelled"))
            self._finished += 1
            one.end("cancelled", "cancelled", charged=True)

    @rule(claim=claims)
    def our_fault(self, claim: Claim) -> None:
        with self._taken(claim) as one:
            evaluation_requeue(claim=claim, error="disk full")
            one.fail()
            if one.status == "queued":
                one.left_until = timezone.now() + LEASE * 2**one.failures

    @rule(claim=claims)
    def task_fault(self, claim: Claim) -> None:
        with self._taken(claim) as one:
            evaluation_fail(claim=claim, error="no labels")
            one.end("error")

    @rule(claim=claims)
    def give_back(self, claim: Claim) -> None:
        with self._taken(claim) as one:
            evaluation_return(claim=claim)
            if one.cancel:
                one.end("cancelled", "cancelled")
            else:
                one.wait_again()

    # What happens by itself.

    @rule(by=st.sampled_from([11, 22, 33, 3700]))
    def time_passes(self, by: int) -> None:
        self._pass(timedelta(seconds=by))

    @rule(twice=st.booleans())
    def sweep(self, twice: bool) -> None:
        self._sweep()
        if twice:
            # The second finds nothing; whatever it did would not be as the model says.
            self._sweep()

    # What must hold at all times.

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        rows: dict[int, dict[str, Any]] = {
            row.pk: dict(vars(row), _state=None) for row in Evaluation.objects.all()
        }
        assert rows.keys() == self._model.all.keys()
        for one in self._model.all.values():
            row = rows[one.pk]
            assert (row["status"], row["verdict"]) == (one.status, one.verdict)
            assert (row["attempt"], row["failures"]) == (one.attempt, one.failures)
            assert (row["lease_until"] is None) == (one.lease_until is None)
            if not one.active:
                kept = {name: row[name] for name in row if name not in MOVED}
                assert self._ended.setdefault(one.pk, kept) == kept

    @invariant()
    def scores_places_and_notes_are_there_once(self) -> None:
        done = [one for one in self._model.all.values() if one.status == "done"]
        scored = sum(one.verdict == "scored" for one in done)
        assert Score.objects.filter(split="public", metric="log_loss").count() == scored
        noted = LoggedAction.objects.filter(action=Action.EVALUATION_FINISH).count()
        assert noted == self._finished
        assert standings_compare(competition=self._competition) == []

    @invariant()
    def each_is_charged_as_the_model_says(self) -> None:
        for number, person in enumerate(self._people):
            team = team_find(user=person, competition=self._competition)
            quota = quota_of(competition=self._competition, team=team, at=self._at)
            assert quota.used == self._model.used(number)

    def _sent(self) -> set[int]:
        return {one.sent for one in self._model.all.values()}

    def _note(self, row: Evaluation, team: int) -> None:
        self._model.all[row.pk] = Judged(
            row.pk, row.submission_id, team, row.behind, queued_at=row.queued_at
        )

    def _claim(self, worker: str) -> Claim | None:
        expected = self._model.next(worker, timezone.now())
        claim = evaluation_claim(queue="cpu", worker=f"{worker}/1")
        assert (claim and claim.evaluation_id) == (expected and expected.pk)
        if claim is None or expected is None:
            return None
        expected.attempt += 1
        expected.worker, expected.left_until = worker, None
        expected.status, expected.started_at = "running", timezone.now()
        expected.lease_until = expected.started_at + LEASE
        assert claim.token == expected.attempt
        return claim

    def _is_ours(self, one: Judged, claim: Claim) -> bool:
        return one.runs and one.attempt == claim.token

    def _heard(self, one: Judged, claim: Claim) -> tuple[bool, bool]:
        ours = self._is_ours(one, claim)
        return ours, ours and one.cancel

    @contextmanager
    def _taken(self, claim: Claim) -> Iterator[Judged]:
        """What a worker writes: all of it if the claim is its own, nothing and a refusal if not."""
        one = self._model.all[claim.evaluation_id]
        if self._is_ours(one, claim):
            yield one
            return
        with pytest.raises(StaleClaim):
            yield one

    def _pass(self, by: timedelta) -> None:
        Evaluation.objects.update(
            queued_at=F("queued_at") - by,
            started_at=F("started_at") - by,
            lease_until=F("lease_until") - by,
            left_until=F("left_until") - by,
        )
        self._model.pass_time(by)

    def _sweep(self) -> None:
        now = timezone.now()
        dead = [
            one
            for one in self._model.all.values()
            if one.lease_until is not None and one.lease_until < now
        ]
        for one in dead:
            one.fail()
        swept = leases_sweep(at=now)
        assert swept.requeued == sum(one.status == "queued" for one in dead)
        assert swept.ended == sum(not one.active for one in dead)

    def _finish(self, claim: Claim, kind: str) -> None:
        report = REPORTS[kind]()
        evaluation_finish(claim=claim, report=report)
        self._finished += 1
        self._model.all[claim.evaluation_id].end(
            "done", report.verdict.value, charged=kind != "invalid"
        )

    def _comes_to_rest(self) -> None:
        """Whoever died before, one worker that lives and the sweep end all."""
        for _ in self._model.all:
            self._pass(timedelta(seconds=33))
            self._sweep()
            claim = self._claim("another")
            if claim is not None:
                self._finish(claim, "fair")
        self.all_is_as_the_model_says()
        self.scores_places_and_notes_are_there_once()
        assert not any(one.active for one in self._model.all.values())


@pytest.mark.django_db
def test_nothing_is_stuck_lost_or_double(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=DAILY, queue_limit=WAITING)
    # Anything that makes a machine will do.
    make: Any = functools.partial(Queue, cast, competition)
    run_state_machine_as_test(make, settings=QUIET)
