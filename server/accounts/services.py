"""Creates accounts, and issues and checks tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from server.accounts.models import ApiToken, User
from server.refusals import NotFound

TOKEN_PREFIX = "sb_"  # noqa: S105 - tells what kind of secret follows
TOKEN_BYTES = 32
HINT_LENGTH = len(TOKEN_PREFIX) + 4
# Noting each use would turn every request into a write.
LAST_USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token.

    Attributes:
        token: its row.
        text: what its owner must keep; it can't be had again.
    """

    token: ApiToken
    text: str

    def __repr__(self) -> str:
        return f"IssuedToken({self.token})"


@sensitive_variables("password")
def user_create(*, username: str, email: str, password: str, display_name: str = "") -> User:
    """Creates an account.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    user = User(username=username, email=email, display_name=display_name)
    problems: dict[str, list[str]] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        problems |= error.message_dict
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems["password"] = error.messages
    if problems:
        raise ValidationError(problems)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        # Someone took the name or the address since it was checked: say so in the same words.
        user.full_clean(exclude=["password"])
        raise
    return user


@sensitive_variables("text")
def token_create(*, user: User, name: str) -> IssuedToken:
    """Issues a token.

    Raises:
        ValidationError: the name is empty, too long or not plain.
    """
    text = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken(user=user, name=name, hash=_hash(text), hint=text[:HINT_LENGTH])
    token.full_clean()
    token.save()
    return IssuedToken(token, text)


def token_revoke(*, user: User, token_id: int) -> None:
    """Makes a person's token useless from now on.

    Raises:
        NotFound: the person has no such token.
    """
    changed = ApiToken.objects.filter(pk=token_id, user=user, revoked=None).update(
        revoked=timezone.now()
    )
    if not changed:
        raise NotFound("You have no such token; GET /api/v1/tokens lists yours.")


@sensitive_variables("text")
def token_authenticate(*, text: str, at: datetime | None = None) -> User | None:
    """Returns whose token it is, or None if it is nobody's, revoked, or of a closed account."""
    if not text.startswith(TOKEN_PREFIX):
        return None
    token = (
        ApiToken.objects.filter(hash=_hash(text), revoked=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None:
        return None
    now = at or timezone.now()
    if token.last_used is None or now - token.last_used >= LAST_USED_STEP:
        stale = Q(last_used=None) | Q(last_used__lte=now - LAST_USED_STEP)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used=now)
    return token.user


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
