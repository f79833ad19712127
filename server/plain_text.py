"""Texts that others will see: names, one-line messages, logs."""

from django.core.exceptions import ValidationError


def validate_plain_text(text: str) -> None:
    """Refuses control characters, line breaks and marks that turn the direction of writing.

    Raises:
        ValidationError: the text has such characters.
    """
    if not text.isprintable():
        raise ValidationError("Use plain text in one line, without control characters.")


def plain_text(text: str, *, limit: int) -> str:
    """Makes a text plain: other characters become question marks, and the rest is cut."""
    return "".join(c if c.isprintable() else "?" for c in text)[:limit]


def without_nul(text: str) -> str:
    """Replaces the one character that PostgreSQL keeps in no text."""
    return text.replace("\x00", "�")
