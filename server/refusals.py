"""Why a request is refused, as exceptions that services and selectors raise.

Refusal
├── Forbidden       one may know of it, but not do it
├── NotFound        there is none, or one may not know of it
├── Conflict        it has gone too far for that
├── TooLarge        an upload beyond its limit
├── Unprocessable   understood, but wrong
├── TooMany         a limit is reached; carries when one may try again
└── NoRoom          we have no room for it

The API answers with them as problem details, the pages with their `detail`.
"""

from datetime import datetime


class Refusal(Exception):
    """Base of all refusals.

    Args:
        detail: what is wrong and what to do, in sentences fit for a page.
        retry_at: when to try again, where that helps.
    """

    status = 400
    code = "refused"
    title = "Refused"

    def __init__(self, detail: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_at = retry_at


class Forbidden(Refusal):
    """One may know of it, but not do it."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(Refusal):
    """There is none, or one may not know of it."""

    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(Refusal):
    """It has gone too far for that."""

    status = 409
    code = "conflict"
    title = "Not possible any more"


class TooLarge(Refusal):
    """An upload beyond its limit."""

    status = 413
    code = "too_large"
    title = "Upload too large"


class Unprocessable(Refusal):
    """Understood, but wrong."""

    status = 422
    code = "invalid"
    title = "Not valid"


class TooMany(Refusal):
    """A limit is reached."""

    status = 429
    code = "too_many"
    title = "Limit reached"


class NoRoom(Refusal):
    """We have no room for it."""

    status = 507
    code = "no_room"
    title = "No room left"
