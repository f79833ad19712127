"""Failures of ours in the middle of what must stay secret."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from server.accounts.models import User

BROKEN = "broken"


class FailingBackend(ModelBackend):
    """Fails while it checks the password of one account."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Checks a password."""
        if username == BROKEN:
            raise RuntimeError("the accounts can't be reached")
        return super().authenticate(request, username, password, **kwargs)


class FailingValidator:
    """Fails at passwords that say so."""

    def validate(self, password: str, user: object = None) -> None:
        """Looks at a password."""
        if BROKEN in password:
            raise RuntimeError("the list of common passwords can't be read")

    def get_help_text(self) -> str:
        """Says what is asked of a password."""
        return ""
