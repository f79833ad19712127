"""Who uses the server, and the tokens of their programs."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from server.plain_text import validate_plain_text


class User(AbstractUser):
    """A person.

    Attributes:
        display_name: what others see; the user name where it is empty.
    """

    first_name = None  # type: ignore[assignment]  # one name as its owner writes it
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("email address")
    display_name = models.CharField(max_length=60, blank=True, validators=[validate_plain_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="There is already an account with this email address.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="This user name is taken.",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps it; a new password closes what was opened with the old one.

        Sessions end by themselves, tokens here: whoever sets a password comes this way.
        """
        # Private to Django, and not set where only the hash of the same password is made anew.
        is_new_password = getattr(self, "_password", None) is not None
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new_password:
                self.api_tokens.filter(revoked=None).update(revoked=timezone.now())

    def get_full_name(self) -> str:
        """The name as its owner writes it."""
        return str(self)

    def get_short_name(self) -> str:
        """The name as its owner writes it."""
        return str(self)


class ApiToken(models.Model):
    """A token of the API. Its text is shown once; only its hash is kept.

    Attributes:
        hash: sha256 of the text, in hexadecimal; 256 random bits need no salt.
        hint: the first characters of the text, to tell tokens apart.
        last_used: when it was last used, to the minute.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, validators=[validate_plain_text])
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
