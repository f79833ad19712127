"""Bearer tokens."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from server.accounts.models import User
from server.accounts.services import token_authenticate

KEYWORD = "bearer"
REALM = 'Bearer realm="api"'


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer sb_...`."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Returns whose token the request bears, or None if it bears none.

        Raises:
            AuthenticationFailed: the token is nobody's, or the header is malformed.
        """
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words or words[0].lower() != KEYWORD:
            return None
        user = token_authenticate(text=words[1]) if len(words) == 2 else None
        if user is None:
            raise AuthenticationFailed(
                "The token is not valid or was revoked; get a new one with POST /api/v1/tokens."
            )
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """What a client is told to send."""
        return REALM
