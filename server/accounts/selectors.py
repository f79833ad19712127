"""Reads accounts and tokens."""

from django.db.models import QuerySet

from server.accounts.models import ApiToken, User


def tokens_of(*, user: User) -> QuerySet[ApiToken]:
    """A person's tokens that still work, newest first."""
    return ApiToken.objects.filter(user=user, revoked=None).order_by("-id")
