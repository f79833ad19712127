"""The student's side of Springboard: download a competition, check a model, submit it.

>>> from springboard import Springboard
>>> board = Springboard()  # as logged in with `springboard login URL`
>>> board.wait(board.submit("submissions/torch.zip", message="wider layers"))
"""

from springboard.client import Springboard
from springboard.errors import (
    NotLoggedIn,
    Refused,
    SpringboardError,
    TryLater,
    Unreachable,
    UsageError,
)
from springboard.results import (
    BoardRow,
    Competition,
    CompetitionDetail,
    Diagnostic,
    DiagnosticTable,
    Message,
    Metric,
    Quota,
    Score,
    Submission,
    Waiting,
)
from springboard.version import VERSION as __version__

__all__ = [
    "BoardRow",
    "Competition",
    "CompetitionDetail",
    "Diagnostic",
    "DiagnosticTable",
    "Message",
    "Metric",
    "NotLoggedIn",
    "Quota",
    "Refused",
    "Score",
    "Springboard",
    "SpringboardError",
    "Submission",
    "TryLater",
    "Unreachable",
    "UsageError",
    "Waiting",
    "__version__",
]
