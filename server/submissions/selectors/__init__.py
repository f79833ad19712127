"""Reads submissions, evaluations, quotas and the queue."""

from server.submissions.selectors.access import (
    SubmissionAccess,
    submission_access,
    submissions_of_team,
)
from server.submissions.selectors.queue import queue_position, queues_waiting, waiting_next
from server.submissions.selectors.quota import Quota, day_of, quota_of

__all__ = [
    "Quota",
    "SubmissionAccess",
    "day_of",
    "queue_position",
    "queues_waiting",
    "quota_of",
    "submission_access",
    "submissions_of_team",
    "waiting_next",
]
