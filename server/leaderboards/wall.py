"""What a wall shows: the top of a board, the newest results, and who has just overtaken whom.

All of it is read from standings and evaluations: a rebuilt board has the same wall.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from evaluators.report import Split
from evaluators.verdicts import Verdict
from server.competitions.models import Competition
from server.leaderboards.board import LeaderboardRow
from server.leaderboards.models import Standing
from server.leaderboards.ranking import best_of_team
from server.leaderboards.selectors import leaderboard_page, rank_of_key, team_rank
from server.submissions.models import Score, Status

TOP = 12
NEWEST = 6


@dataclass(frozen=True, slots=True)
class WallRow:
    """A row of the wall.

    Attributes:
        moved: by how many places it rose at the last change; negative: it fell.
        is_new: whether it came onto the board at the last change.
    """

    row: LeaderboardRow
    moved: int = 0
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A score that came in.

    Attributes:
        stands: whether the team stands on the board by it.
    """

    team: str
    value: float
    metric: str
    finished_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall at one moment.

    Attributes:
        others: how many teams come after the rows.
    """

    split: Split
    rows: Sequence[WallRow]
    others: int
    newest: Sequence[Result]


def wall_of(*, competition: Competition) -> Wall:
    """Returns what a competition's wall shows to everyone: private scores after the reveal only.

    Args:
        competition: with its task version loaded.
    """
    split = Split.PRIVATE if competition.private_revealed else Split.PUBLIC
    page = leaderboard_page(competition=competition, split=split, limit=TOP)
    rows = [WallRow(row) for row in page.rows]
    if split is Split.PRIVATE:
        rows = [replace(row, moved=row.row.moved) for row in rows]
    else:
        rows = _after_the_last_change(competition, rows)
    teams = Standing.objects.filter(competition=competition).count()
    return Wall(split, rows, teams - len(rows), _newest(competition))


def _after_the_last_change(competition: Competition, rows: list[WallRow]) -> list[WallRow]:
    """Marks who rose by the latest evaluation that stands, and who fell for it."""
    last = (
        Standing.objects.filter(competition=competition, team__is_baseline=False)
        .select_related("team")
        .order_by("-evaluation__finished_at", "-evaluation_id")
        .first()
    )
    if last is None:
        return rows
    now = team_rank(standing=last)
    before = best_of_team(competition=competition, team=last.team, without=last.evaluation_id)
    was: int | None = None
    if before is not None:
        # In the order of `Standing.ORDER`; the row itself is the same.
        key = [getattr(before, field.name) for field in fields(before)[:4]]
        was = rank_of_key(competition_id=competition.pk, key=[*key, last.pk], split=Split.PUBLIC)
        # Its own row stands better now, and is no rival of itself.
        was -= now < was
    return [_moved(each, last.team_id, now, was) for each in rows]


def _moved(each: WallRow, team_id: int, now: int, was: int | None) -> WallRow:
    rank = each.row.rank
    if rank is None:
        return each
    if each.row.team_id == team_id:
        return replace(each, is_new=was is None, moved=was - now if was else 0)
    overtaken = rank > now and was is not None and rank <= was
    return replace(each, moved=-1) if overtaken else each


def _newest(competition: Competition) -> list[Result]:
    name = competition.task_version.primary_metric.name
    scores = (
        Score.objects.filter(
            metric=name,
            split=Split.PUBLIC.value,
            evaluation__submission__competition=competition,
            evaluation__task_version=competition.task_version_id,
            evaluation__status=Status.DONE,
            evaluation__verdict=Verdict.SCORED.value,
        )
        .select_related("evaluation__team")
        .only("value", "metric", "evaluation__finished_at", "evaluation__team__name")
        .order_by("-evaluation__finished_at", "-evaluation_id")[:NEWEST]
    )
    found = list(scores)
    standing = set(
        Standing.objects.filter(
            competition=competition, evaluation__in=[score.evaluation_id for score in found]
        ).values_list("evaluation_id", flat=True)
    )
    return [
        Result(
            score.evaluation.team.name,
            score.value,
            score.metric,
            score.evaluation.finished_at,
            score.evaluation_id in standing,
        )
        for score in found
        if score.evaluation.finished_at is not None
    ]
