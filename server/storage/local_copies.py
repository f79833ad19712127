"""Copies on this machine of what lies in a storage elsewhere, by digest.

All processes of a machine share them. What a copy holds was checked when it came, and it appears
whole or not at all, whoever is killed meanwhile. When there are too many bytes of them, those go
that were used longest ago; never one that is in use.

Each copy has a lock file beside it. Whoever uses the copy holds the lock shared; whoever makes or
removes it holds it alone. The kernel frees the locks of a process that ends, however it ends.
"""

import errno
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from evaluators.errors import InfrastructureError
from server.storage.synced_files import file_sync, folder_sync

LOCK = ".lock"
DRAFT = ".draft"
LOOK_SECONDS = 0.05
# Longer than the storage needs for the largest task over a slow line.
PATIENCE_SECONDS = 300.0
_FULL = {errno.ENOSPC, errno.EDQUOT}

logger = logging.getLogger(__name__)


@contextmanager
def local_copy(*, kind: str, digest: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """Provides a copy, made where there is none yet; it stays while the context lasts.

    Args:
        kind: what it is of, as a word.
        digest: names its content, in hexadecimal: what has the same digest is the same.
        make: writes the copy, a file or a folder, where it is told, having checked it.

    Raises:
        InfrastructureError: it can't be made: the disk is full, or the storage fails.
    """
    path = _folder() / f"{kind}-{digest}"
    with _in_use(path, make):
        yield path


def copies_trim(*, bytes_kept: int | None = None) -> int:
    """Removes copies until the rest fits, and what dead processes left; returns how many went.

    Args:
        bytes_kept: how many bytes may stay; None for what the settings say.
    """
    limit = settings.COPIES_BYTES if bytes_kept is None else bytes_kept
    removed = 0
    copies = sorted(_copies(), key=lambda copy: (not copy.is_leftover, copy.used))
    total = sum(copy.size for copy in copies)
    for copy in copies:
        if total <= limit and not copy.is_leftover:
            break
        if _remove(copy.path):
            total -= copy.size
            removed += 1
    return removed


@dataclass(frozen=True, slots=True)
class _Copy:
    """What lies in the folder of one copy; without the copy it is a leftover."""

    path: Path
    size: int
    used: float
    is_leftover: bool


@contextmanager
def _in_use(path: Path, make: Callable[[Path], None]) -> Iterator[None]:
    made = False
    while True:
        with _lock_or_fail(path, fcntl.LOCK_SH):
            # Else another process removed it while nobody held its lock.
            if path.exists():
                _note_use(path)
                if made:
                    copies_trim()
                yield
                return
        with _lock_or_fail(path, fcntl.LOCK_EX):
            if not path.exists():
                _make(path, make)
                made = True


def _make(path: Path, make: Callable[[Path], None]) -> None:
    """Makes a copy, to be called with its lock held alone; tries again once there is room."""
    try:
        _make_once(path, make)
    except OSError as error:
        if error.errno not in _FULL or not copies_trim(bytes_kept=0):
            raise _fault(path, error) from error
        try:
            _make_once(path, make)
        except OSError as again:
            raise _fault(path, again) from again


def _make_once(path: Path, make: Callable[[Path], None]) -> None:
    draft = path.with_name(path.name + DRAFT)
    _delete(draft)  # of one who was killed
    try:
        make(draft)
        for part in (draft, *draft.rglob("*")):
            file_sync(part)
        draft.rename(path)
        folder_sync(path.parent)
    finally:
        _delete(draft)


def _fault(path: Path, error: OSError) -> InfrastructureError:
    if error.errno in _FULL:
        return InfrastructureError(
            f"no room on this machine for a copy of what it must judge with: {error}. Make room "
            f"on the disk of {path.parent}; SPRINGBOARD_CACHE_MB limits what all copies take"
        )
    return InfrastructureError(f"no copy of {path.name} can be had from the storage: {error}")


@contextmanager
def _lock_or_fail(path: Path, how: int) -> Iterator[None]:
    """Holds a copy's lock; whoever has it may be frozen, and then nobody must wait for it."""
    with _lock(path, how, patience=PATIENCE_SECONDS) as held:
        if not held:
            raise InfrastructureError(
                f"another process of this machine has been making {path.name} for "
                f"{PATIENCE_SECONDS:.0f} seconds: it is frozen, or what it fetches comes too "
                f"slowly. `fuser {path}{LOCK}` names it"
            )
        yield


@contextmanager
def _lock(path: Path, how: int, *, patience: float = 0.0) -> Iterator[bool]:
    """Waits for a copy's lock for some seconds, and says whether it holds it."""
    name = path.with_name(path.name + LOCK)
    until = time.monotonic() + patience
    while True:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            free = _try_lock(descriptor, how)
            if free and _is_still(descriptor, name):
                yield True
                return
            if not free and time.monotonic() >= until:
                yield False
                return
        finally:
            os.close(descriptor)
        if not free:
            time.sleep(LOOK_SECONDS)


def _try_lock(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(descriptor: int, name: Path) -> bool:
    """Whether a lock file is still the one in the folder; else its copy has been removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), name.stat())
    except FileNotFoundError:
        return False


def _remove(path: Path) -> bool:
    """Removes a copy, or what is left of a draft, unless somebody uses it."""
    with _lock(path, fcntl.LOCK_EX) as held:
        if not held:
            return False
        # Under another name first: a copy is there whole or not at all.
        draft = path.with_name(path.name + DRAFT)
        _delete(draft)
        with suppress(FileNotFoundError):
            path.rename(draft)
        _delete(draft)
        path.with_name(path.name + LOCK).unlink()
        return True


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _note_use(path: Path) -> None:
    with suppress(OSError):  # a full disk must not keep anybody from reading
        os.utime(path)


def _folder() -> Path:
    folder = Path(settings.COPIES_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _copies() -> list[_Copy]:
    found: dict[Path, _Copy] = {}
    for path in _folder().iterdir():
        copy = path.with_name(path.name.removesuffix(LOCK).removesuffix(DRAFT))
        try:
            size = sum(part.lstat().st_size for part in (path, *path.rglob("*")))
            used = path.stat().st_mtime
        except FileNotFoundError:
            continue  # it has just been removed
        known = found.get(copy, _Copy(copy, 0, 0.0, is_leftover=True))
        found[copy] = _Copy(
            copy,
            known.size + size,
            used if copy == path else known.used,
            is_leftover=known.is_leftover and copy != path,
        )
    return list(found.values())
