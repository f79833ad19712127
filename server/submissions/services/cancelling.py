"""Cancels an evaluation: at once while it waits, by a request to its worker while it runs."""

from django.db import transaction
from django.db.models import QuerySet

from evaluators.messages import message
from server.clock import database_now
from server.submissions.doorbell import ring_on_commit
from server.submissions.models import RUNNING, Evaluation, Status
from server.submissions.refusals import NotCancellable


def evaluation_cancel(*, evaluation: Evaluation) -> Evaluation:
    """Cancels an evaluation that waits or runs, and returns it as it is then.

    Raises:
        NotCancellable: it has ended.
    """
    row = Evaluation.objects.filter(pk=evaluation.pk)
    with transaction.atomic():
        row.select_for_update().get()
        cancelled = end_as_cancelled(row.filter(status=Status.QUEUED))
        requested = row.filter(status__in=RUNNING).update(cancel_requested=True)
        if not cancelled and not requested:
            raise NotCancellable("The evaluation has ended; there is nothing to cancel.")
        ring_on_commit(queue=evaluation.queue)
    return row.get()


def end_as_cancelled(evaluations: QuerySet[Evaluation]) -> int:
    """Ends evaluations as cancelled and returns how many."""
    notice = message("cancelled")
    return evaluations.update(
        status=Status.CANCELLED,
        verdict=notice.verdict.value,
        message_code=notice.code,
        message_text=notice.text,
        message_help=notice.help,
        lease_until=None,
        finished_at=database_now(),
    )
