"""Which evaluation of a team stands on the board."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from evaluators.metrics.base import Metric
from evaluators.report import Split
from evaluators.verdicts import Verdict
from server.competitions.models import Competition, Team
from server.leaderboards.models import Standing
from server.submissions.models import Evaluation, Score, Status


@dataclass(frozen=True, slots=True, order=True)
class Best:
    """An evaluation's place: the better one is the smaller one.

    The fields stand in the order that decides: primary score, secondary score, smaller artifact,
    earlier submission. Private scores come after all that differs: they decide nothing here.
    """

    primary_key: float
    secondary_key: float
    artifact_size: int
    submitted_at: datetime
    evaluation_id: int
    scored_submissions: int
    private_primary_key: float
    private_secondary_key: float

    def columns(self) -> dict[str, Any]:
        """The columns of a standing."""
        return asdict(self)

    @classmethod
    def of(cls, standing: Standing) -> "Best":
        """What a standing says."""
        return cls(
            standing.primary_key,
            standing.secondary_key,
            standing.artifact_size,
            standing.submitted_at,
            standing.evaluation_id,
            standing.scored_submissions,
            standing.private_primary_key,
            standing.private_secondary_key,
        )


def best_of_team(
    *, competition: Competition, team: Team, without: int | None = None
) -> Best | None:
    """Returns a team's best evaluation on the public split, or None while nothing is scored.

    Of each submission its latest ended evaluation counts, and only by the competition's task
    version: scores of different versions can't be compared.

    Args:
        competition: with its task version loaded.
        team: whose.
        without: id of an evaluation to leave out, as if it had not been.
    """
    latest = (
        Evaluation.objects.filter(
            submission=OuterRef("submission"),
            task_version=competition.task_version_id,
            status=Status.DONE,
        )
        .order_by("-id")
        .values("id")[:1]
    )
    evaluations = list(
        Evaluation.objects.filter(team=team, id=Subquery(latest), verdict=Verdict.SCORED.value)
        .exclude(pk__in=[] if without is None else [without])
        .select_related("submission", "artifact")
    )
    primary = competition.task_version.primary_metric
    secondary = next(iter(competition.task_version.secondary_metrics), None)
    values = _scores(evaluations)
    needed = [
        (metric.name, split.value)
        for metric in (primary, secondary)
        if metric is not None
        for split in (Split.PUBLIC, Split.PRIVATE)
    ]
    # One whose scores were lost has no place, and comparing the standings then shows it.
    evaluations = [
        evaluation
        for evaluation in evaluations
        if all((evaluation.pk, *score) in values for score in needed)
    ]

    def key(evaluation: Evaluation, metric: Metric | None, split: Split) -> float:
        if metric is None:
            return 0.0
        return metric.sort_key(values[evaluation.pk, metric.name, split.value])

    places = [
        Best(
            primary_key=key(evaluation, primary, Split.PUBLIC),
            secondary_key=key(evaluation, secondary, Split.PUBLIC),
            artifact_size=evaluation.artifact.size if evaluation.artifact else 0,
            submitted_at=evaluation.submission.received_at,
            evaluation_id=evaluation.pk,
            scored_submissions=len(evaluations),
            private_primary_key=key(evaluation, primary, Split.PRIVATE),
            private_secondary_key=key(evaluation, secondary, Split.PRIVATE),
        )
        for evaluation in evaluations
    ]
    return min(places, default=None)


def _scores(evaluations: list[Evaluation]) -> dict[tuple[int, str, str], float]:
    rows = Score.objects.filter(evaluation__in=evaluations)
    return {
        (evaluation, metric, split): value
        for evaluation, metric, split, value in rows.values_list(
            "evaluation_id", "metric", "split", "value"
        )
    }
