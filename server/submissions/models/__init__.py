"""Uploads and what became of them."""

from server.submissions.models.artifact import Artifact
from server.submissions.models.diagnostic import Diagnostic
from server.submissions.models.evaluation import (
    ACTIVE,
    RUNNING,
    Evaluation,
    Queue,
    Status,
    queue_of,
)
from server.submissions.models.score import Score
from server.submissions.models.submission import Submission
from server.submissions.models.worker import Worker

__all__ = [
    "ACTIVE",
    "RUNNING",
    "Artifact",
    "Diagnostic",
    "Evaluation",
    "Queue",
    "Score",
    "Status",
    "Submission",
    "Worker",
    "queue_of",
]
