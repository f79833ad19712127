"""Files in a folder: each is on the disk whole before anybody learns its name, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from server.storage.stored_files import StoredFile

CHUNK_BYTES = 1024 * 1024


class SyncedFiles(FileSystemStorage):
    """Keeps files so that neither a crash nor a full disk leaves half of one.

    A file is written, or was uploaded, under another name on the same disk; when all of it is on
    the disk it gets its own name, which then must be there after a power cut, too.
    """

    def _save(self, name: str, content: "File[Any]") -> str:
        with _draft(content) as draft:
            draft.chmod(self.file_permissions_mode or 0o600)
            while True:
                path = Path(self.path(name))
                self._folder_make(path.parent)
                try:
                    path.hardlink_to(draft)
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
            folder_sync(path.parent)
        return name

    def stored_files(self, prefix: str) -> Iterator[StoredFile]:
        """Lists the files under a folder, few at a time, in no order that one may count on."""
        root = Path(self.path(""))
        waiting = [Path(self.path(prefix))]
        while waiting:
            try:
                entries = os.scandir(waiting.pop())
            except FileNotFoundError:
                continue
            with entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif found := _found(entry, root):
                        yield found

    def unfinished_delete(self, prefix: str, before: datetime) -> int:
        """Does nothing: drafts lie where uploads are received, and go with what those leave."""
        return 0

    def _folder_make(self, folder: Path) -> None:
        """Makes the folders above a file, and sees to it that they last."""
        if folder.is_dir():
            return
        self._folder_make(folder.parent)
        folder.mkdir(mode=self.directory_permissions_mode or 0o700, exist_ok=True)
        folder_sync(folder.parent)


def file_sync(path: Path) -> None:
    """Waits until a file's content is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder_sync(path: Path) -> None:
    """Waits until the names in a folder are on the disk."""
    file_sync(path)


@contextmanager
def _draft(content: "File[Any]") -> Iterator[Path]:
    """A file on the storage's disk with all of a content, on the disk."""
    uploaded = _uploaded(content)
    if uploaded is not None:
        content.flush()
        file_sync(uploaded)
        yield uploaded  # whoever received it removes the name that it had
        return
    # What a crash leaves goes as what uploads leave that were cut off.
    descriptor, name = tempfile.mkstemp(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in content.chunks(CHUNK_BYTES):
                file.write(chunk)
            file.flush()
            os.fsync(descriptor)
        yield Path(name)
    finally:
        Path(name).unlink()


def _uploaded(content: "File[Any]") -> Path | None:
    """Where an upload lies that was received on the storage's own disk."""
    if not hasattr(content, "temporary_file_path"):
        return None
    path = Path(content.temporary_file_path())
    own = Path(settings.FILE_UPLOAD_TEMP_DIR)
    return path if path.parent == own else None


def _found(entry: "os.DirEntry[str]", root: Path) -> StoredFile | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # it has just been removed
    return StoredFile(
        key=Path(entry.path).relative_to(root).as_posix(),
        size=status.st_size,
        modified=datetime.fromtimestamp(status.st_mtime, UTC),
    )
