"""How fast passwords may be tried."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

NAME_LENGTH = 150


class TokenUsernameThrottle(SimpleRateThrottle):
    """Tries of one account's password, from wherever."""

    scope = "token_username"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """The key under which tries are counted."""
        data = request.data if isinstance(request.data, dict) else {}
        name = str(data.get("username", "")).strip().lower()[:NAME_LENGTH]
        return self.cache_format % {"scope": self.scope, "ident": name.encode().hex()}


class TokenAddressThrottle(SimpleRateThrottle):
    """Tries from one address, of whatever account."""

    scope = "token_address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """The key under which tries are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
