"""Reads submissions, evaluations, quotas and the queue."""

from server.submissions.selectors.access import (
    SubmissionAccess,
    latest_evaluation,
    submission_access,
    submissions_of_competition,
    submissions_of_team,
)
from server.submissions.selectors.pages import SubmissionsPage, submissions_page
from server.submissions.selectors.queue import queue_position, queues_waiting, waiting_next
from server.submissions.selectors.quota import Quota, day_of, quota_of

__all__ = [
    "Quota",
    "SubmissionAccess",
    "SubmissionsPage",
    "day_of",
    "latest_evaluation",
    "queue_position",
    "queues_waiting",
    "quota_of",
    "submission_access",
    "submissions_of_competition",
    "submissions_of_team",
    "submissions_page",
    "waiting_next",
]
