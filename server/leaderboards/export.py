"""A competition's standings as the rows of a table."""

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from evaluators.report import Split
from server.competitions.models import Competition, TeamMember
from server.csv_export import Cell
from server.leaderboards.models import Standing

CHUNK = 500
COLUMNS = ("rank", "team", "members", "scored_submissions", "submission", "submitted_at")
SPLITS = (Split.PUBLIC, Split.PRIVATE)
PARTS = ("", "_low", "_high")


def standings_header(*, competition: Competition) -> Sequence[str]:
    """Names of the columns of `standings_rows`."""
    return [
        *COLUMNS,
        *(f"{metric}_{split}{part}" for metric, split in _scores(competition) for part in PARTS),
    ]


def standings_rows(*, competition: Competition) -> Iterator[Sequence[Cell]]:
    """Yields a row a team in the order of the public board, with private scores beside it.

    A baseline takes no rank: its own is empty.
    """
    members = TeamMember.objects.select_related("user").order_by("user__username")
    standings = (
        Standing.objects.filter(competition=competition)
        .order_by(*Standing.ORDER)
        .select_related("team", "evaluation__submission")
        .prefetch_related("evaluation__scores", Prefetch("team__members", queryset=members))
        .defer("evaluation__practice_log", "evaluation__judged_log", "evaluation__error")
    )
    columns = _scores(competition)
    rank = 0
    for standing in standings.iterator(chunk_size=CHUNK):
        rank += not standing.team.is_baseline
        scores = {(score.metric, score.split): score for score in standing.evaluation.scores.all()}
        found = [scores.get(column) for column in columns]
        yield [
            None if standing.team.is_baseline else rank,
            standing.team.name,
            " ".join(member.user.username for member in standing.team.members.all()),
            standing.scored_submissions,
            standing.evaluation.submission.public_id,
            standing.submitted_at,
            *(
                value
                for score in found
                for value in ((score.value, score.low, score.high) if score else (None,) * 3)
            ),
        ]


def _scores(competition: Competition) -> Sequence[tuple[str, str]]:
    version = competition.task_version
    metrics = [version.primary_metric, *version.secondary_metrics]
    return [(metric.name, split.value) for metric in metrics for split in SPLITS]
