"""Why a submission is refused."""

from server.refusals import Conflict, Forbidden, NoRoom, Refusal, TooLarge, TooMany, Unprocessable


class NotOpen(Forbidden):
    """The competition has not begun, or it is over."""

    code = "not_open"
    title = "The competition is not open"


class DailyLimitReached(TooMany):
    """The team's submissions of the day are used up."""

    code = "daily_limit"
    title = "Daily limit reached"


class QueueFull(TooMany):
    """Too many submissions of the team wait."""

    code = "queue_limit"
    title = "Too many submissions wait"


class UploadTooLarge(TooLarge):
    """The upload is beyond the task's limit."""

    code = "upload_too_large"


class StorageFull(NoRoom):
    """The disk or the storage of the server is full: our fault, and nothing was kept."""

    code = "storage_full"


class StorageAway(Refusal):
    """The storage does not answer: our fault, and nothing was kept."""

    status = 503
    code = "storage_away"
    title = "Storage not reachable"


class KeyReused(Unprocessable):
    """An Idempotency-Key came with another payload before."""

    code = "idempotency_key_reused"
    title = "Idempotency-Key used before"


class NotCancellable(Conflict):
    """The evaluation has ended."""

    code = "not_cancellable"


class NotJudgedAgain(Conflict):
    """It is not for judging again: it waits, is judged, or has been."""

    code = "not_judged_again"


class StaleClaim(Exception):  # noqa: N818 - no error of anyone's: the work was given to another
    """The evaluation was taken from this worker; what it found is not wanted any more."""
