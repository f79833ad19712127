"""Submits and judges without a sandbox: what evaluators would report is given by the test."""

import hashlib
import itertools
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from evaluators.artifact import Artifact
from evaluators.messages import message
from evaluators.report import EvaluationReport, Log, Provenance, Score, Split, Stage
from evaluators.verdicts import Verdict
from server.accounts.models import User
from server.competitions.models import Competition
from server.ids import public_id
from server.leaderboards.services import evaluation_finish
from server.submissions.claim import Claim
from server.submissions.models import Evaluation, Submission
from server.submissions.services import evaluation_claim, submission_create
from server.submissions.storage import StoredUpload


def upload_make(content: bytes = b"a model") -> StoredUpload:
    key = default_storage.save(f"uploads/{public_id()}", ContentFile(content))
    return StoredUpload(key, "model.zip", len(content), hashlib.sha256(content).hexdigest())


def submit(
    user: User,
    competition: Competition,
    *,
    at: datetime | None = None,
    content: bytes = b"a model",
    message: str = "",
    key: str = "",
) -> Submission:
    return submission_create(
        user=user,
        competition=competition,
        upload=upload_make(content),
        received_at=at or timezone.now(),
        message=message,
        idempotency_key=key,
    ).submission


def claim_next(queue: str = "cpu") -> Claim:
    """Claims as a worker that has not failed at anything."""
    claim = evaluation_claim(queue=queue, worker=f"test {next(_NUMBERS)}")
    assert claim is not None
    return claim


def evaluation_of(submission: Submission) -> Evaluation:
    return submission.evaluations.order_by("-id")[0]


def report_scored(
    value: float, *, accuracy: float = 0.5, size: int = 100, private: float = 9.0
) -> EvaluationReport:
    scores = tuple(
        Score(metric, split, number, number - 0.1, number + 0.1)
        for split, primary in (
            (Split.PRACTICE, value),
            (Split.PUBLIC, value),
            (Split.PRIVATE, private),
        )
        for metric, number in (("log_loss", primary), ("accuracy", accuracy))
    )
    return _report(Verdict.SCORED, None, Stage.SCORING, scores, size)


def report_failed(code: str = "no_model", stage: Stage = Stage.UNPACK) -> EvaluationReport:
    details = {
        "no_model": {"suffixes": ".onnx", "found": "nothing"},
        "exited": {"stage": stage.value, "how": "exit status 1"},
        "cancelled": {},
    }[code]
    told = message(code, **details)
    return EvaluationReport(
        task="halves",
        verdict=told.verdict,
        message=told,
        stage=stage,
        artifact=None,
        primary="log_loss",
        scores=(),
        practice_log=Log("told so far\n", 0),
        judged_log=Log("secret input\n", 0),
        statistics=None,
        predictions=None,
        durations={"unpack": 0.1},
        peak_memory_mb=0.0,
        provenance=_PROVENANCE,
    )


def judged(
    user: User,
    competition: Competition,
    report: EvaluationReport,
    *,
    at: datetime | None = None,
) -> Evaluation:
    """Submits and has it judged at once, with this report."""
    submit(user, competition, at=at)
    return evaluation_finish(claim=claim_next(), report=report)


_NUMBERS = itertools.count(1)
_PROVENANCE = Provenance("t" * 64, "d" * 64, "r" * 64, "fake", ())


def _report(
    verdict: Verdict, told: None, stage: Stage, scores: tuple[Score, ...], size: int
) -> EvaluationReport:
    digest = hashlib.sha256(f"{size}".encode()).hexdigest()
    return EvaluationReport(
        task="halves",
        verdict=verdict,
        message=told,
        stage=stage,
        artifact=Artifact(digest, size, 1, "model.py", "python"),
        primary="log_loss",
        scores=scores,
        practice_log=Log("loading\n", 3),
        judged_log=Log("secret input\n", 0),
        statistics=b"statistics",
        predictions=b"predictions",
        durations={"unpack": 0.1, "practice": 1.0, "judged": 1.0},
        peak_memory_mb=50.0,
        provenance=_PROVENANCE,
    )
