"""How fast passwords, accounts, links and invite codes may be tried.

Tries through the pages and through the API count together. An attacker who uses up what an account
or an address has must not shut its owner out for long, so what is counted is, from a device that
the account has logged in from before, that device alone; else the account from one address; the
account from everywhere; and all that fails from one address, behind which may sit a whole class.
"""

from datetime import timedelta
from math import ceil

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from server.accounts.devices import account_name, device_of
from server.accounts.models import User
from server.refusals import TooMany
from server.throttling import CountingThrottle

# The longest wait that is told in seconds.
SECONDS_TOLD = 120


class _Counter(CountingThrottle):
    """Counts one kind of thing for one identity; for the request's address where none is given."""

    def __init__(self, request: HttpRequest, scope: str, *identity: str) -> None:
        self.scope = scope
        self._request = Request(request)
        self._identity = ":".join(identity) if identity else self.get_ident(self._request)
        super().__init__()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """The key under which tries are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self._identity}

    @property
    def address(self) -> str:
        """The address that the request comes from."""
        return self.get_ident(self._request)

    def count(self) -> None:
        """Counts a try.

        Raises:
            TooMany: there were too many.
        """
        if not self.allow_request(self._request, APIView()):
            wait = max(1, ceil(self.wait() or 1))
            told = f"{wait} seconds" if wait <= SECONDS_TOLD else f"{ceil(wait / 60)} minutes"
            raise TooMany(
                f"Too many tries. Wait {told}, then go back and try again.",
                retry_at=timezone.now() + timedelta(seconds=wait),
            )


class PasswordTry:
    """A try of an account's password that was counted as one that fails, until it succeeds."""

    def __init__(self, given_back: list[_Counter]) -> None:
        self._given_back = given_back

    def succeeded(self) -> None:
        """Counts it no longer as a failure."""
        for counter in self._given_back:
            counter.give_back()


def password_tried(request: HttpRequest, username: str) -> PasswordTry:
    """Counts a try of an account's password, before it is checked: tries may come at once.

    Raises:
        TooMany: too many of that account, or from that address.
    """
    name = account_name(username)
    if device := device_of(request, name):
        _Counter(request, "password_device", name, device).count()
        return PasswordTry([])
    address = _Counter(request, "password_address")
    here = (name, address.address)
    given_back = [
        address,
        _Counter(request, "password_here_hour", *here),
        _Counter(request, "password_account", name),
    ]
    address.count()
    # Not given back: each try costs a slow hash, whether it succeeds or not.
    _Counter(request, "password_here", *here).count()
    for counter in given_back[1:]:
        counter.count()
    return PasswordTry(given_back)


def account_made(request: HttpRequest) -> None:
    """Counts a new account.

    Raises:
        TooMany: too many from that address.
    """
    _Counter(request, "sign_up").count()


def password_link_asked(request: HttpRequest, email: str) -> None:
    """Counts a wish for a link that sets a new password, whether there is an account or not.

    Raises:
        TooMany: too many to that email address, or from that address.
    """
    _Counter(request, "link_address").count()
    _Counter(request, "link_email", account_name(email)).count()


def invite_code_tried(request: HttpRequest, person: User) -> None:
    """Counts a try of an invite code.

    Raises:
        TooMany: too many by that person.
    """
    _Counter(request, "join", str(person.pk)).count()
