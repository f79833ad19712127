"""Takes submissions in, hands evaluations to workers, and records what they found."""

from server.submissions.attempts import MAX_ATTEMPTS
from server.submissions.services.again import evaluation_again, evaluations_again
from server.submissions.services.cancelling import evaluation_cancel
from server.submissions.services.claiming import (
    LEASE,
    evaluation_claim,
    evaluation_heartbeat,
    evaluation_progress,
    evaluation_watch,
)
from server.submissions.services.creating import SubmissionCreated, submission_create
from server.submissions.services.events import submission_for_log, submission_log
from server.submissions.services.failing import (
    Swept,
    evaluation_fail,
    evaluation_requeue,
    evaluation_return,
    leases_sweep,
)
from server.submissions.services.online import (
    WorkerDevice,
    worker_gone,
    worker_seen,
    worker_trouble,
    workers_sweep,
)
from server.submissions.services.recording import (
    StoredResults,
    evaluation_record,
    evaluation_recorded,
    results_discard,
    results_store,
)

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "StoredResults",
    "SubmissionCreated",
    "Swept",
    "WorkerDevice",
    "evaluation_again",
    "evaluation_cancel",
    "evaluation_claim",
    "evaluation_fail",
    "evaluation_heartbeat",
    "evaluation_progress",
    "evaluation_record",
    "evaluation_recorded",
    "evaluation_requeue",
    "evaluation_return",
    "evaluation_watch",
    "evaluations_again",
    "leases_sweep",
    "results_discard",
    "results_store",
    "submission_create",
    "submission_for_log",
    "submission_log",
    "worker_gone",
    "worker_seen",
    "worker_trouble",
    "workers_sweep",
]
