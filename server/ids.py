"""Public ids: short, and not to be guessed or counted."""

import secrets

# No vowels and no look-alikes: no words by accident, and fit to be read aloud.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 16  # 28**16 is about 77 bits


def public_id() -> str:
    """Makes the public id of a row."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def invite_code() -> str:
    """Makes a course's invite code, about 57 bits: guessing is throttled too."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
