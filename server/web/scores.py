"""Scores as the rows and columns of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluators.metrics.base import Metric
from evaluators.report import Split
from server.competitions.models import TaskVersion
from server.submissions.models import Score

SPLIT_TITLES = {
    Split.PRACTICE: "Practice",
    Split.PUBLIC: "Public",
    Split.PRIVATE: "Private",
}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A metric and its scores by split; None where there is none."""

    metric: Metric
    cells: Sequence[Score | None]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores by metric and split; the primary metric comes first."""

    columns: Sequence[str]
    rows: Sequence[ScoreRow]


def score_table(scores: Sequence[Score], task_version: TaskVersion) -> ScoreTable | None:
    """Arranges scores in a table, or returns None where there are none."""
    splits = [split for split in Split if any(score.split == split for score in scores)]
    if not splits:
        return None
    found = {(score.metric, score.split): score for score in scores}
    metrics = [task_version.primary_metric, *task_version.secondary_metrics]
    rows = [
        ScoreRow(metric, [found.get((metric.name, split.value)) for split in splits])
        for metric in metrics
    ]
    return ScoreTable([SPLIT_TITLES[split] for split in splits], rows)


def primary_public(scores: Sequence[Score], task_version: TaskVersion) -> Score | None:
    """Returns the score that ranks, or None where there is none."""
    name = task_version.spec["metrics"]["primary"]
    return next((s for s in scores if (s.metric, s.split) == (name, Split.PUBLIC)), None)
