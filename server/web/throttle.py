"""How fast passwords and invite codes may be tried through the pages.

The tries are counted together with those through the API: using up the one uses up the other.
"""

from datetime import timedelta
from math import ceil

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from server.accounts.models import User
from server.accounts.throttles import NAME_LENGTH
from server.refusals import TooMany


class _Throttle(SimpleRateThrottle):
    """Counts the tries of one kind and one identity."""

    def __init__(self, request: HttpRequest, scope: str, ident: str | None = None) -> None:
        self.scope = scope
        self._request = Request(request)
        self._ident = ident or str(self.get_ident(self._request))
        super().__init__()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """The key under which tries are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self._ident}

    def count(self) -> None:
        """Counts a try.

        Raises:
            TooMany: there were too many.
        """
        if not self.allow_request(self._request, APIView()):
            wait = max(1, ceil(self.wait() or 1))
            raise TooMany(
                f"Too many tries. Wait {wait} seconds, then go back and try again.",
                retry_at=timezone.now() + timedelta(seconds=wait),
            )


def password_tried(request: HttpRequest, username: str) -> None:
    """Counts a try of an account's password.

    Raises:
        TooMany: too many of that account, or from that address.
    """
    name = username.strip().lower()[:NAME_LENGTH]
    _Throttle(request, "token_address").count()
    _Throttle(request, "token_username", name.encode().hex()).count()


def account_made(request: HttpRequest) -> None:
    """Counts a new account.

    Raises:
        TooMany: too many from that address.
    """
    _Throttle(request, "token_address").count()


def invite_code_tried(request: HttpRequest, person: User) -> None:
    """Counts a try of an invite code.

    Raises:
        TooMany: too many by that person.
    """
    _Throttle(request, "join", str(person.pk)).count()
