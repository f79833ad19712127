"""Writes down what judging found: once, and only by whoever holds the claim."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import evaluators.artifact
from evaluators.report import EvaluationReport
from evaluators.verdicts import Verdict
from server.clock import database_now
from server.competitions.models import TaskVersion
from server.ids import public_id
from server.plain_text import without_nul
from server.submissions.claim import Claim
from server.submissions.models import Artifact, Diagnostic, Evaluation, Score, Status
from server.submissions.refusals import StaleClaim
from server.submissions.services.claiming import claimed
from server.submissions.storage import result_store, stored_delete


@dataclass(frozen=True, slots=True)
class StoredResults:
    """Where the storage keeps an evaluation's bytes; empty keys where there are none.

    Attributes:
        statistics_key: of the item statistics.
        predictions_key: of the predictions.
        picture_keys: of the diagnostics' pictures, by the diagnostics' names.
    """

    statistics_key: str = ""
    predictions_key: str = ""
    picture_keys: Mapping[str, str] = field(default_factory=dict)


def results_store(*, claim: Claim, report: EvaluationReport) -> StoredResults:
    """Keeps a report's statistics, predictions and pictures. Not to be called in a transaction."""
    # Names of this delivery only, so that another can't overwrite or remove what a row points to.
    begin = f"results/{claim.public_id}-{claim.token}/{public_id()}"
    return StoredResults(
        statistics_key=result_store(key=f"{begin}-statistics.npz", content=report.statistics),
        predictions_key=result_store(key=f"{begin}-predictions.npz", content=report.predictions),
        picture_keys={
            one.name: result_store(key=f"{begin}-{one.name}.png", content=one.picture)
            for one in report.diagnostics
        },
    )


def results_discard(*, results: StoredResults) -> None:
    """Removes results that no row points to."""
    stored_delete(key=results.statistics_key)
    stored_delete(key=results.predictions_key)
    for key in results.picture_keys.values():
        stored_delete(key=key)


def evaluation_record(
    *, claim: Claim, report: EvaluationReport, results: StoredResults
) -> Evaluation:
    """Ends an evaluation with its report; to be called in a transaction.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    cancelled = report.verdict is Verdict.CANCELLED
    message = report.message
    recorded = claimed(claim).update(
        status=Status.CANCELLED if cancelled else Status.DONE,
        verdict=report.verdict.value,
        message_code=message.code if message else "",
        message_text=without_nul(message.text) if message else "",
        message_help=without_nul(message.help) if message else "",
        stage=report.stage.value,
        artifact=_artifact(report.artifact),
        practice_log=without_nul(report.practice_log.text),
        practice_log_dropped=report.practice_log.dropped_bytes,
        judged_log=without_nul(report.judged_log.text),
        judged_log_dropped=report.judged_log.dropped_bytes,
        durations=dict(report.durations),
        provenance=dataclasses.asdict(report.provenance),
        peak_memory_mb=report.peak_memory_mb,
        too_good=_too_good(claim, report),
        statistics_key=results.statistics_key,
        predictions_key=results.predictions_key,
        error="",
        lease_until=None,
        finished_at=database_now(),
    )
    if not recorded:
        raise StaleClaim(claim.public_id)
    evaluation = Evaluation.objects.select_related("submission").get(pk=claim.evaluation_id)
    Score.objects.bulk_create(
        Score(
            evaluation=evaluation,
            metric=score.metric,
            split=score.split.value,
            value=score.value,
            low=score.low,
            high=score.high,
        )
        for score in report.scores
    )
    Diagnostic.objects.bulk_create(
        Diagnostic(
            evaluation=evaluation,
            name=one.name,
            title=one.title,
            split=one.split.value,
            caption=one.caption,
            data=_plain(one.data),
            picture_key=results.picture_keys.get(one.name, ""),
        )
        for one in report.diagnostics
    )
    return evaluation


def evaluation_recorded(
    *, claim: Claim, report: EvaluationReport, results: StoredResults
) -> Evaluation | None:
    """Returns the evaluation if this very claim has ended it with this report; else None."""
    return Evaluation.objects.filter(
        pk=claim.evaluation_id,
        attempt=claim.token,
        status__in=[Status.DONE, Status.CANCELLED],
        verdict=report.verdict.value,
        statistics_key=results.statistics_key,
        predictions_key=results.predictions_key,
    ).first()


def _too_good(claim: Claim, report: EvaluationReport) -> bool:
    """Whether it scored better, on either split, than a model that was trained honestly can."""
    version = TaskVersion.objects.get(
        slug=claim.task_slug, version=claim.task_version, data_version=claim.data_version
    )
    return version.parsed.metrics.is_too_good(report.judged_primary)


def _artifact(artifact: evaluators.artifact.Artifact | None) -> Artifact | None:
    if artifact is None:
        return None
    return Artifact.objects.get_or_create(
        digest=artifact.digest,
        defaults={
            "size": artifact.size,
            "files": artifact.files,
            "entry": artifact.entry,
            "kind": artifact.kind,
        },
    )[0]


def _plain(value: Any) -> Any:
    """JSON as every database keeps it: texts that a model drew may hold anything."""
    if isinstance(value, str):
        return without_nul(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
