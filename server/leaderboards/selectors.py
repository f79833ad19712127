"""Reads leaderboards: pages by key, with a number of queries that never grows with the rows."""

from typing import Any

from django.db.models import Prefetch

from evaluators.report import Split
from server.competitions.models import Competition, Team
from server.keyset import cursor_decode, cursor_encode, keyset_after, keyset_before
from server.leaderboards.board import LeaderboardPage, LeaderboardRow, ScoreShown
from server.leaderboards.models import Standing
from server.submissions.models import Score


def leaderboard_page(
    *, competition: Competition, cursor: str | None = None, limit: int = 50
) -> LeaderboardPage:
    """Returns a page of the public board.

    Args:
        competition: with its task version loaded.
        cursor: `next_cursor` of the page before; None for the first page.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    standings = Standing.objects.filter(competition=competition)
    before = 0
    if cursor:
        *key, before = cursor_decode(cursor, length=len(Standing.ORDER) + 1)
        standings = standings.filter(keyset_after(Standing.ORDER, key))
    scores = Prefetch("evaluation__scores", queryset=Score.objects.filter(split=Split.PUBLIC.value))
    found = list(
        standings.order_by(*Standing.ORDER)
        .select_related("team", "evaluation")
        .prefetch_related(scores)[: limit + 1]
    )
    metrics = [
        competition.task_version.primary_metric.name,
        *(metric.name for metric in competition.task_version.secondary_metrics),
    ]
    rows = [
        _row(standing, rank, metrics) for rank, standing in enumerate(found[:limit], before + 1)
    ]
    more = len(found) > limit
    return LeaderboardPage(rows, _cursor(found[limit - 1], before + limit) if more else None)


def leaderboard_cursor_back(
    *, competition: Competition, cursor: str | None, limit: int = 50
) -> str | None:
    """Returns the cursor of the page before a page; None where that is the first page.

    Args:
        competition: whose board it is.
        cursor: the page's own cursor.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    if not cursor:
        return None
    *key, before = cursor_decode(cursor, length=len(Standing.ORDER) + 1)
    return _cursor_above(competition.pk, key, before, limit)


def leaderboard_cursor_around(*, standing: Standing, rank: int, above: int = 5) -> str | None:
    """Returns the cursor of a page with a standing on it; None where that is the first page.

    Args:
        standing: who is looked for.
        rank: its rank.
        above: how many better rows the page begins with.
    """
    key = [getattr(standing, field) for field in Standing.ORDER]
    return _cursor_above(standing.competition_id, key, rank, above + 1)


def _cursor_above(competition_id: int, key: list[Any], rank: int, rows: int) -> str | None:
    """The cursor that is some rows better than the row of a key and a rank."""
    better = Standing.objects.filter(
        keyset_before(Standing.ORDER, key), competition=competition_id
    ).order_by(*(f"-{field}" for field in Standing.ORDER))
    last = better[rows - 1 : rows].first()
    return _cursor(last, rank - rows) if last else None


def team_standing(*, team: Team) -> Standing | None:
    """Returns a team's standing, or None while nothing of it has been scored."""
    return Standing.objects.filter(team=team, competition=team.competition_id).first()


def team_rank(*, standing: Standing) -> int:
    """Returns the rank of a standing, 1 for the best."""
    key = [getattr(standing, field) for field in Standing.ORDER]
    better = Standing.objects.filter(competition=standing.competition_id)
    return better.filter(keyset_before(Standing.ORDER, key)).count() + 1


def _row(standing: Standing, rank: int, metrics: list[str]) -> LeaderboardRow:
    scores = {score.metric: score for score in standing.evaluation.scores.all()}
    shown = [
        ScoreShown(name, scores[name].value, scores[name].low, scores[name].high)
        for name in metrics
        if name in scores
    ]
    return LeaderboardRow(
        rank=rank,
        team_id=standing.team_id,
        team=standing.team.name,
        score=shown[0],
        secondary=shown[1:],
        submissions=standing.scored_submissions,
        submitted_at=standing.submitted_at,
    )


def _cursor(last: Standing, rank: int) -> str:
    return cursor_encode([*(getattr(last, field) for field in Standing.ORDER), rank])
