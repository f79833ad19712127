"""What a leaderboard shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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
        rank: 1 for the best.
        score: the primary score on the public split.
        secondary: the other scores, in the order of the task's metrics.
        submissions: how many of the team's submissions have been scored.
        submitted_at: when the best one arrived.
    """

    rank: int
    team_id: int
    team: str
    score: ScoreShown
    secondary: Sequence[ScoreShown]
    submissions: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class LeaderboardPage:
    """Some rows of a board in their order.

    Attributes:
        next_cursor: leads to the rows after these; None at the end.
    """

    rows: Sequence[LeaderboardRow]
    next_cursor: str | None
