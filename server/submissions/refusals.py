"""Why a submission is refused."""

from server.refusals import Conflict, Forbidden, TooLarge, TooMany, Unprocessable


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


class KeyReused(Unprocessable):
    """An Idempotency-Key came with another payload before."""

    code = "idempotency_key_reused"
    title = "Idempotency-Key used before"


class NotCancellable(Conflict):
    """The evaluation has ended."""

    code = "not_cancellable"


class StaleClaim(Exception):  # noqa: N818 - no error of anyone's: the work was given to another
    """The evaluation was taken from this worker; what it found is not wanted any more."""
