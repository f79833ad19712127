"""Cancels an evaluation: at once while nobody judges it, by a request to its worker otherwise."""

from django.db import transaction
from django.db.models import Q, QuerySet

from evaluators.messages import message
from server.accounts.models import User
from server.clock import database_now
from server.competitions.models import TeamMember
from server.courses.models import Action, By
from server.submissions.doorbell import ring_on_commit
from server.submissions.models import RUNNING, Evaluation, Status
from server.submissions.refusals import NotCancellable
from server.submissions.services.events import submission_for_log, submission_log


def evaluation_cancel(*, evaluation: Evaluation, by: User | None = None) -> Evaluation:
    """Cancels an evaluation that waits or runs, and returns it as it is then.

    Of a worker that fell silent nothing more is expected: what it brings later is refused. To
    cancel once more changes nothing.

    Args:
        evaluation: it.
        by: who asks for it; None for the server itself.

    Raises:
        NotCancellable: it has ended otherwise.
    """
    row = Evaluation.objects.filter(pk=evaluation.pk)
    unattended = Q(status=Status.QUEUED) | Q(status__in=RUNNING, lease_until__lt=database_now())
    with transaction.atomic():
        before = row.select_for_update().get()
        if not before.is_active and before.status != Status.CANCELLED:
            raise NotCancellable("The evaluation has ended; there is nothing to cancel.")
        if end_as_cancelled(row.filter(unattended)):
            # The team's next one may start.
            ring_on_commit(queue=evaluation.queue)
        row.filter(status__in=RUNNING).update(cancel_requested=True)
        if before.is_active and not before.cancel_requested:
            _log(before, row.get(), by)
    return row.get()


def _log(before: Evaluation, after: Evaluation, by: User | None) -> None:
    is_own = TeamMember.objects.filter(team=before.team_id, user=by).exists()
    submission_log(
        submission=submission_for_log(evaluation_id=before.pk),
        action=Action.SUBMISSION_CANCEL,
        actor=by,
        by=By.PARTICIPANT if is_own else By.STAFF,
        before={"status": before.status},
        after={"status": after.status, "cancel_requested": after.cancel_requested},
    )


def end_as_cancelled(evaluations: QuerySet[Evaluation]) -> int:
    """Ends evaluations as cancelled that no worker judges, and returns how many.

    They count as never begun: that nothing came of it was our doing.
    """
    notice = message("cancelled")
    return evaluations.update(
        status=Status.CANCELLED,
        verdict=notice.verdict.value,
        message_code=notice.code,
        message_text=notice.text,
        message_help=notice.help,
        lease_until=None,
        started_at=None,
        finished_at=database_now(),
    )
