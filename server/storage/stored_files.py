"""What a storage tells of its files when it lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.core.files.storage import default_storage


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
    """A storage that lists what it holds, and what it was to hold: both of ours do."""

    def stored_files(self, prefix: str) -> Iterator[StoredFile]:
        """Lists the files under a folder, few at a time, in no order that one may count on."""

    def unfinished_delete(self, prefix: str, before: datetime) -> int:
        """Removes what is left of files whose sending was cut off; returns how many."""


def stored_files(prefix: str) -> Iterator[StoredFile]:
    """Lists the files of the storage under a folder, few at a time.

    Raises:
        OSError: the storage fails.
    """
    return cast(Listing, default_storage).stored_files(prefix)


def unfinished_delete(prefix: str, before: datetime) -> int:
    """Removes what is left of files under a folder whose sending was cut off; returns how many.

    Raises:
        OSError: the storage fails.
    """
    return cast(Listing, default_storage).unfinished_delete(prefix, before)
