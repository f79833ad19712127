"""What a leaderboard shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluators.report import Split


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """A score with its 95 % interval."""

    metric: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """A team on the board.

    Attributes:
        rank: 1 for the best; None for a baseline, which takes no rank.
        baseline: whether it is a baseline.
        score: the primary score on the board's split.
        secondary: the other scores, in the order of the task's metrics.
        submissions: how many of the team's submissions have been scored.
        submitted_at: when the best one arrived.
        public_rank: its rank on the public board; None on that board, and for a baseline.
    """

    rank: int | None
    team_id: int
    team: str
    baseline: bool
    score: ScoreShown
    secondary: Sequence[ScoreShown]
    submissions: int
    submitted_at: datetime
    public_rank: int | None = None

    @property
    def moved(self) -> int:
        """By how many ranks it rose from the public to the private board; negative: it fell."""
        return (self.public_rank - self.rank) if self.public_rank and self.rank else 0


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line, and where on a page of the board it belongs.

    Attributes:
        title: what it stands for.
        value: on the scale of the primary metric.
        note: where it comes from; may be empty.
        before: number of the page's row that it stands above, or how many rows there are.
    """

    title: str
    value: float
    note: str
    before: int


@dataclass(frozen=True, slots=True)
class LeaderboardPage:
    """Some rows of a board in their order.

    Attributes:
        split: whose scores rank.
        next_cursor: leads to the rows after these; None at the end.
        reference_lines: those that belong between these rows, best first.
    """

    split: Split
    rows: Sequence[LeaderboardRow]
    next_cursor: str | None
    reference_lines: Sequence[ReferenceLine] = ()
