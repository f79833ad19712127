"""Reads submissions, evaluations, quotas and the queue."""

from server.submissions.selectors.access import (
    SubmissionAccess,
    latest_evaluation,
    submission_access,
    submissions_of_competition,
    submissions_of_team,
)
from server.submissions.selectors.diagnostics import diagnostic_picture, diagnostics_of
from server.submissions.selectors.export import submissions_header, submissions_rows
from server.submissions.selectors.failed import Failures, failures_of, failures_shown
from server.submissions.selectors.outlook import queue_outlook
from server.submissions.selectors.pages import SubmissionsPage, submissions_page
from server.submissions.selectors.queue import queues_waiting, waiting_next
from server.submissions.selectors.quota import Quota, day_of, quota_of
from server.submissions.selectors.search import SubmissionFilter, submissions_filtered
from server.submissions.selectors.waiting import silence_reason, waiting_reason
from server.submissions.selectors.workers import (
    PROCESS_MARK,
    SILENCE,
    Capacity,
    WorkerShown,
    capacity_of,
    queues_online,
    worker_named,
    workers_online,
    workers_shown,
)

__all__ = [
    "PROCESS_MARK",
    "SILENCE",
    "Capacity",
    "Failures",
    "Quota",
    "SubmissionAccess",
    "SubmissionFilter",
    "SubmissionsPage",
    "WorkerShown",
    "capacity_of",
    "day_of",
    "diagnostic_picture",
    "diagnostics_of",
    "failures_of",
    "failures_shown",
    "latest_evaluation",
    "queue_outlook",
    "queues_online",
    "queues_waiting",
    "quota_of",
    "silence_reason",
    "submission_access",
    "submissions_filtered",
    "submissions_header",
    "submissions_of_competition",
    "submissions_of_team",
    "submissions_page",
    "submissions_rows",
    "waiting_next",
    "waiting_reason",
    "worker_named",
    "workers_online",
    "workers_shown",
]
