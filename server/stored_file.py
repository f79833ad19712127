"""What a storage tells of its files when it lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the storage.

    Attributes:
        key: where it lies.
        size: bytes.
        modified: when it was written, by the storage's clock.
    """

    key: str
    size: int
    modified: datetime


class Listing(Protocol):
    """A storage that lists what it holds: both of ours do."""

    def stored_files(self, prefix: str) -> Iterator[StoredFile]:
        """Lists the files under a folder, few at a time, in no order that one may count on."""
