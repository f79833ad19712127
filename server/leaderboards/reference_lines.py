"""Lines on a board that are nobody's: what a human reaches, or a published result."""

from collections.abc import Sequence

from evaluators.spec import TaskSpec
from server.leaderboards.board import LeaderboardRow, ReferenceLine


def reference_lines(
    *, spec: TaskSpec, rows: Sequence[LeaderboardRow], above: float | None, more: bool
) -> list[ReferenceLine]:
    """Places a task's reference lines between the rows of a page, each on one page only.

    Args:
        spec: names the lines.
        rows: of the page, best first.
        above: the primary key (smaller is better) of the row before the page; None on the first.
        more: whether rows come after the page.
    """
    metric = spec.metrics.metric(spec.metrics.primary)
    keys = [metric.sort_key(row.score.value) for row in rows]
    placed = []
    for line in sorted(spec.reference_line, key=lambda line: metric.sort_key(line.value)):
        key = metric.sort_key(line.value)
        before = sum(1 for row in keys if row < key)
        on_page_before = above is not None and key <= above
        on_page_after = more and before == len(rows)
        if not on_page_before and not on_page_after:
            placed.append(ReferenceLine(line.title, line.value, line.note, before))
    return placed
