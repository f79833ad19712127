"""Has submissions judged again that ended by a fault of ours or of the task."""

from django.db import transaction

from server.accounts.models import User
from server.clock import database_now
from server.competitions.models import Competition
from server.courses.models import Action, By
from server.submissions.doorbell import ring_on_commit
from server.submissions.models import Evaluation, Queue, Status, Submission, queue_of
from server.submissions.refusals import NotJudgedAgain
from server.submissions.selectors.failed import failures_of
from server.submissions.services.events import submission_log

# More are for the next press of the button: the page that asks for it waits.
MOST_AT_ONCE = 200

_WAITS = "It waits or is being judged already; there is nothing to do."
_CANCELLED = "Its team cancelled it. They can submit it again."
_JUDGED = (
    "It has been judged. To judge it again could change a grade, so that both results must be "
    "compared before the new one counts; this server can’t do that yet. Only what ended as an "
    "error is judged again."
)
_REFUSED = {
    **dict.fromkeys((Status.QUEUED, Status.RUNNING, Status.SCORING), _WAITS),
    Status.CANCELLED: _CANCELLED,
    Status.DONE: _JUDGED,
}


def evaluation_again(*, submission: Submission, by: User) -> Evaluation:
    """Has a submission judged again whose latest evaluation ended as an error.

    It waits behind all that students have submitted, is judged by the task version that the
    competition has now, and costs the team nothing, whatever comes of it.

    Args:
        submission: with its competition, course, task version and team loaded.
        by: one of the course's staff.

    Raises:
        NotJudgedAgain: it waits, is judged, or has been.
    """
    version = submission.competition.task_version
    queue = queue_of(version.parsed)
    with transaction.atomic():
        # Two who press the button at once pass here one after the other.
        Submission.objects.select_for_update().get(pk=submission.pk)
        latest = Evaluation.objects.filter(submission=submission).order_by("-id")[0]
        if latest.status != Status.ERROR:
            raise NotJudgedAgain(_REFUSED[Status(latest.status)])
        evaluation = Evaluation.objects.create(
            submission=submission,
            team=submission.team,
            task_version=version,
            queue=queue,
            queued_at=database_now(),
            behind=True,
        )
        submission_log(
            submission=submission,
            action=Action.EVALUATION_AGAIN,
            actor=by,
            by=By.STAFF,
            before={"status": latest.status, "evaluation": latest.public_id},
            after={"status": evaluation.status, "evaluation": evaluation.public_id},
        )
        ring_on_commit(queue=queue)
        if queue == Queue.GPU and submission.competition.course.cpu_fallback:
            ring_on_commit(queue=Queue.CPU)
    return evaluation


def evaluations_again(*, competition: Competition, by: User) -> int:
    """Has all of a competition judged again that could not be judged, and returns how many.

    At most MOST_AT_ONCE at a time.
    """
    failures = failures_of(course=competition.course, competition=competition)
    again = 0
    for failure in list(failures.order_by("id")[:MOST_AT_ONCE]):
        try:
            evaluation_again(submission=failure.submission, by=by)
        except NotJudgedAgain:
            continue  # somebody else has just asked for it
        again += 1
    return again
