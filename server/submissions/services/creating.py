"""Takes a submission in: one short transaction that holds the team's row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from server.accounts.models import User
from server.clock import database_now
from server.competitions.models import Competition, Team
from server.competitions.selectors import deadline_of, team_find
from server.competitions.services import team_for
from server.courses.models import Action
from server.courses.selectors import membership_find
from server.refusals import Forbidden
from server.submissions.doorbell import ring_on_commit
from server.submissions.models import Evaluation, Queue, Status, Submission, queue_of
from server.submissions.refusals import DailyLimitReached, KeyReused, NotOpen, QueueFull
from server.submissions.selectors.quota import quota_of
from server.submissions.services.events import submission_log
from server.submissions.storage import StoredUpload, stored_delete

QUEUE_RETRY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SubmissionCreated:
    """A submission that was taken in.

    Attributes:
        is_new: False where an Idempotency-Key led to an earlier one.
    """

    submission: Submission
    is_new: bool


def submission_create(
    *,
    user: User,
    competition: Competition,
    upload: StoredUpload,
    received_at: datetime,
    message: str = "",
    idempotency_key: str = "",
) -> SubmissionCreated:
    """Takes a stored upload in as a submission of the user's team, to be judged.

    The stored upload is deleted unless the submission keeps it, or may: where the database was lost
    before it answered to the commit.

    Args:
        user: a member of the course.
        competition: with its course and task version loaded.
        upload: where the upload lies.
        received_at: when the request arrived: dates and daily limits are held to it.
        message: the participant's note.
        idempotency_key: a repeated request with the same key gets the earlier submission.

    Raises:
        Forbidden: the user is no member of the course.
        NotOpen: the competition has not begun, or it is over.
        DailyLimitReached: the team's submissions of the day are used up.
        QueueFull: too many of the team's submissions wait.
        KeyReused: the key came with another payload before.
        ValidationError: the message is too long or not plain.
    """
    committing = False
    try:
        team, closes_at = _admitted(user, competition, received_at)
        submission = Submission(
            team=team,
            competition=competition,
            author=user,
            message=message,
            filename=upload.filename,
            size=upload.size,
            sha256=upload.sha256,
            storage_key=upload.key,
            received_at=received_at,
            idempotency_key=idempotency_key,
        )
        submission.clean_fields()
        with transaction.atomic():
            created = _insert(submission, team, closes_at)
            committing = True
    except Exception:
        # Whether a commit without an answer was done isn't known. If not, the storage's sweep
        # takes the upload.
        if not committing:
            stored_delete(key=upload.key)
        raise
    if not created.is_new:
        stored_delete(key=upload.key)
    return created


def _admitted(user: User, competition: Competition, received_at: datetime) -> tuple[Team, datetime]:
    """The user's team, and until when it may submit."""
    if membership_find(user=user, course=competition.course) is None:
        raise Forbidden("Only members of the course may submit. Join it with its invite code.")
    own = team_find(user=user, competition=competition)
    closes_at = deadline_of(competition=competition, team=own)
    _check_dates(competition, received_at, closes_at)
    return team_for(user=user, competition=competition), closes_at


def _insert(submission: Submission, team: Team, closes_at: datetime) -> SubmissionCreated:
    # Requests of one team pass here one at a time, so that they can't share one free place.
    Team.objects.select_for_update().get(pk=team.pk)
    if earlier := _earlier(submission):
        return SubmissionCreated(earlier, is_new=False)
    _check_queue(submission)
    _check_quota(submission, closes_at)
    submission.save()
    queue = queue_of(submission.competition.task_version.parsed)
    Evaluation.objects.create(
        submission=submission,
        team=team,
        task_version=submission.competition.task_version,
        queue=queue,
        queued_at=database_now(),
    )
    submission_log(
        submission=submission,
        action=Action.SUBMISSION_SEND,
        actor=submission.author,
        after={"upload_sha256": submission.sha256},
    )
    ring_on_commit(queue=queue)
    if queue == Queue.GPU and submission.competition.course.cpu_fallback:
        ring_on_commit(queue=Queue.CPU)
    return SubmissionCreated(submission, is_new=True)


def _earlier(submission: Submission) -> Submission | None:
    if not submission.idempotency_key:
        return None
    earlier = Submission.objects.filter(
        team=submission.team, idempotency_key=submission.idempotency_key
    ).first()
    if earlier is None:
        return None
    if (earlier.sha256, earlier.message) != (submission.sha256, submission.message):
        raise KeyReused(
            "This Idempotency-Key came with another file or message before. Use a new key for "
            "each submission, and the same key only to repeat a request."
        )
    return earlier


def _check_dates(competition: Competition, received_at: datetime, closes_at: datetime) -> None:
    if received_at < competition.opens_at:
        raise NotOpen(
            f"The competition opens at {competition.opens_at:%Y-%m-%d %H:%M} UTC; submit then.",
            retry_at=competition.opens_at,
        )
    if received_at >= closes_at:
        raise NotOpen(
            f"The competition closed at {closes_at:%Y-%m-%d %H:%M} UTC; "
            "it takes no more submissions."
        )


def _check_queue(submission: Submission) -> None:
    limit = submission.competition.queue_limit
    # What staff have judged again costs the team nothing, no place to wait either.
    waiting = Evaluation.objects.filter(team=submission.team, status=Status.QUEUED, behind=False)
    if waiting.count() >= limit:
        raise QueueFull(
            f"{limit} of your submissions wait already. Try again when one of them has been "
            "judged, or cancel one.",
            retry_at=timezone.now() + QUEUE_RETRY,
        )


def _check_quota(submission: Submission, closes_at: datetime) -> None:
    competition = submission.competition
    quota = quota_of(competition=competition, team=submission.team, at=submission.received_at)
    if quota.left > 0:
        return
    local = quota.resets_at.astimezone(competition.course.zone)
    when = f"{local:%Y-%m-%d %H:%M} ({competition.course.time_zone})"
    if quota.resets_at >= closes_at:
        again = "The competition closes before the next day begins."
    else:
        again = f"You may submit again at {when}."
    if quota.used >= quota.limit:
        used = f"Your {quota.limit} submissions of today are used up."
    else:
        used = (
            f"{quota.invalid_used} of your submissions of today could not be judged; the limit is "
            f"{quota.invalid_limit}. Check them locally before you submit."
        )
    raise DailyLimitReached(
        f"{used} {again}",
        retry_at=quota.resets_at if quota.resets_at < closes_at else None,
    )
