"""An installation's secret seed, from which a task derives independent random streams."""

import hashlib
import hmac
import secrets

import numpy as np

SEED_BYTES = 32


class Seed:
    """A secret of 256 bits and the generators derived from it.

    A seed of 32 bits could be recovered from the visible split by trying them all; this one
    can't, and streams of different purposes tell nothing about each other (HMAC-SHA256).
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("a seed needs at least 128 bits")
        self._secret = secret

    @classmethod
    def create(cls) -> "Seed":
        """Makes a new secret seed."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_hex(cls, text: str) -> "Seed":
        """Reads what `hex` wrote."""
        return cls(bytes.fromhex(text.strip()))

    def hex(self) -> str:
        """The secret, to be stored where no student and no submission can read it."""
        return self._secret.hex()

    def child(self, purpose: str) -> "Seed":
        """Derives a seed of its own for a purpose, such as one task."""
        return Seed(self._mac(f"child:{purpose}"))

    def stream(self, purpose: str) -> np.random.Generator:
        """Derives an independent generator for a purpose, such as "split" or "train warps"."""
        return np.random.Generator(np.random.PCG64(int.from_bytes(self._mac(f"stream:{purpose}"))))

    def _mac(self, purpose: str) -> bytes:
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()

    def __repr__(self) -> str:
        return "Seed(secret)"
