"""Reads leaderboards: pages by key, with a number of queries that never grows with the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from evaluators.report import Split
from server.competitions.models import Competition, Team
from server.competitions.selectors import Access
from server.keyset import cursor_decode, cursor_encode, keyset_after, keyset_before
from server.leaderboards.board import LeaderboardPage, LeaderboardRow, ScoreShown
from server.leaderboards.models import Standing
from server.leaderboards.public_ranks import public_ranks
from server.leaderboards.reference_lines import reference_lines
from server.refusals import Forbidden, Unprocessable
from server.submissions.models import Evaluation, Score

# Its place in either order.
_SIZE = Standing.ORDER.index("artifact_size")


def board_split(*, access: Access, wanted: str | None = None) -> Split:
    """Returns whose scores a board shows: the public ones, after the reveal the private ones.

    Args:
        access: the competition as the asking person may use it.
        wanted: the split that they ask for; empty for the one that everybody sees.

    Raises:
        Forbidden: they ask for the private one, which is not revealed.
        Unprocessable: there is no such board.
    """
    revealed = access.competition.private_revealed
    if not wanted:
        return Split.PRIVATE if revealed else Split.PUBLIC
    if wanted == Split.PUBLIC.value:
        return Split.PUBLIC
    if wanted != Split.PRIVATE.value:
        raise Unprocessable("split is public or private.")
    if not revealed and not access.is_staff:
        raise Forbidden("The private board is not revealed yet. Ask for the public one.")
    return Split.PRIVATE


def leaderboard_page(
    *,
    competition: Competition,
    split: Split = Split.PUBLIC,
    cursor: str | None = None,
    limit: int = 50,
) -> LeaderboardPage:
    """Returns a page of a board.

    Args:
        competition: with its task version loaded.
        split: whose scores rank; whether they may be seen is the caller's to decide.
        cursor: `next_cursor` of the page before; None for the first page.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    order = _order(split)
    standings = Standing.objects.filter(competition=competition)
    before, above = 0, None
    if cursor:
        key, before = _cursor_read(cursor, split)
        above = float(key[0])
        standings = standings.filter(keyset_after(order, key))
    found = list(_with_scores(standings.order_by(*order), split)[: limit + 1])
    shown = found[:limit]
    rows = _rows(competition, split, shown, before)
    ranked = before + sum(1 for row in rows if not row.baseline)
    more = len(found) > limit
    lines = reference_lines(spec=competition.task_version.parsed, rows=rows, above=above, more=more)
    next_cursor = _cursor(shown[-1], ranked, split) if more else None
    return LeaderboardPage(split, rows, next_cursor, lines)


def leaderboard_row(
    *, competition: Competition, standing: Standing, split: Split = Split.PUBLIC
) -> LeaderboardRow:
    """Returns the row of one standing, wherever on the board it is."""
    (loaded,) = _with_scores(Standing.objects.filter(pk=standing.pk), split)
    before = team_rank(standing=loaded, split=split) - 1
    (row,) = _rows(competition, split, [loaded], before)
    return row


def leaderboard_cursor_back(
    *,
    competition: Competition,
    cursor: str | None,
    split: Split = Split.PUBLIC,
    limit: int = 50,
) -> str | None:
    """Returns the cursor of the page before a page; None where that is the first page.

    Args:
        competition: whose board it is.
        cursor: the page's own cursor.
        split: whose scores rank.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    if not cursor:
        return None
    key, _ = _cursor_read(cursor, split)
    return _cursor_above(competition.pk, key, limit, split)


def leaderboard_cursor_around(
    *, standing: Standing, split: Split = Split.PUBLIC, above: int = 5
) -> str | None:
    """Returns the cursor of a page with a standing on it; None where that is the first page.

    Args:
        standing: who is looked for.
        split: whose scores rank.
        above: how many better rows the page begins with.
    """
    return _cursor_above(standing.competition_id, _key(standing, split), above + 1, split)


def team_standing(*, team: Team) -> Standing | None:
    """Returns a team's standing, or None while nothing of it has been scored."""
    return (
        Standing.objects.filter(team=team, competition=team.competition_id)
        .select_related("team")
        .first()
    )


def team_rank(*, standing: Standing, split: Split = Split.PUBLIC) -> int:
    """Returns the rank of a standing, 1 for the best; of a baseline, that a team would have."""
    return rank_of_key(
        competition_id=standing.competition_id, key=_key(standing, split), split=split
    )


def rank_of_key(*, competition_id: int, key: Sequence[Any], split: Split) -> int:
    """Returns the rank that a row with these values of the order's columns has or would have."""
    better = Standing.objects.filter(competition=competition_id, team__is_baseline=False)
    return better.filter(keyset_before(_order(split), key)).count() + 1


def _order(split: Split) -> Sequence[str]:
    return Standing.PRIVATE_ORDER if split is Split.PRIVATE else Standing.ORDER


def _key(standing: Standing, split: Split) -> list[Any]:
    return [getattr(standing, field) for field in _order(split)]


def _with_scores(standings: QuerySet[Standing], split: Split) -> QuerySet[Standing]:
    scores = Score.objects.filter(split=split.value)
    return (
        standings.select_related("team", "evaluation")
        .defer("evaluation__practice_log", "evaluation__judged_log", "evaluation__error")
        .prefetch_related(Prefetch("evaluation__scores", queryset=scores))
    )


def _rows(
    competition: Competition, split: Split, standings: Sequence[Standing], before: int
) -> list[LeaderboardRow]:
    """The rows of standings that follow each other, after as many ranked teams."""
    version = competition.task_version
    metrics = [version.primary_metric.name, *(m.name for m in version.secondary_metrics)]
    public: Mapping[int, int] = {}
    if split is Split.PRIVATE:
        teams = [standing.team_id for standing in standings]
        public = public_ranks(competition_id=competition.pk, teams=teams)
    rows, rank = [], before
    for standing in standings:
        baseline = standing.team.is_baseline
        rank += not baseline
        scores = {score.metric: score for score in standing.evaluation.scores.all()}
        shown = [
            ScoreShown(name, scores[name].value, scores[name].low, scores[name].high)
            for name in metrics
            if name in scores
        ]
        row = LeaderboardRow(
            rank=None if baseline else rank,
            team_id=standing.team_id,
            team=standing.team.name,
            baseline=baseline,
            score=shown[0],
            secondary=shown[1:],
            submissions=standing.scored_submissions,
            submitted_at=standing.submitted_at,
            public_rank=public.get(standing.team_id),
        )
        rows.append(row)
    return rows


def _cursor(last: Standing, ranked: int, split: Split) -> str:
    """A cursor can be read by who holds it: the artifact's size, which is the team's, stays out."""
    key = _key(last, split)
    key[_SIZE] = last.evaluation_id
    return cursor_encode([split.value, *key, ranked])


def _cursor_read(cursor: str, split: Split) -> tuple[list[Any], int]:
    """A cursor's key and how many ranked teams come before the page; of this board only."""
    board, *key, ranked = cursor_decode(cursor, length=len(_order(split)) + 2)
    if board != split.value:
        raise Unprocessable("The cursor is of the other board. Begin at the top of this one.")
    key[_SIZE] = _artifact_size(key[_SIZE])
    return key, ranked


def _artifact_size(evaluation_id: int) -> int:
    """As the standing had it; an evaluation that has ended never changes."""
    sizes = Evaluation.objects.filter(pk=evaluation_id).values_list("artifact__size", flat=True)
    return sizes.first() or 0


def _cursor_above(competition_id: int, key: list[Any], rows: int, split: Split) -> str | None:
    """The cursor that is some rows better than the row of a key."""
    order = _order(split)
    better = Standing.objects.filter(keyset_before(order, key), competition=competition_id)
    last = (
        better.select_related("team").order_by(*(f"-{field}" for field in order))[rows - 1 : rows]
    ).first()
    if last is None:
        return None
    ranked = team_rank(standing=last, split=split) - int(last.team.is_baseline)
    return _cursor(last, ranked, split)
