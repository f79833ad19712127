"""Downloads a competition's kit and data into one folder that is ready to work in."""

import filecmp
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from springboard.connection import Connection
from springboard.errors import Refused, UsageError
from springboard.remembered import Remembered, folder_remember
from springboard.unpack import archive_unpack

KIT_MB = 256
DATA_MB = 4096
SHOWN = 5

OnBytes = Callable[[str, int, int], None]


def competition_download(
    connection: Connection, competition: str, folder: Path, *, force: bool, on_bytes: OnBytes
) -> Path:
    """Downloads kit and data and unpacks them into a folder.

    All is unpacked beside it first: what fails leaves nothing behind and changes nothing.

    Args:
        connection: to the server.
        competition: its short name.
        folder: where to; it may exist as long as no file in it would change.
        force: overwrite files that differ.
        on_bytes: is told what is downloaded, how much came, and how much is announced.

    Raises:
        SpringboardError: it can't be downloaded, unpacked or written.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            made = staging / "made"
            made.mkdir()
            _fetch(connection, f"competitions/{competition}", staging, made, on_bytes)
            folder_remember(Remembered(made, connection.server, competition))
            _move(made, folder, force=force)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error}") from error
    return folder


def _fetch(
    connection: Connection, address: str, staging: Path, made: Path, on_bytes: OnBytes
) -> None:
    for what, limit_mb in (("kit", KIT_MB), ("data", DATA_MB)):
        archive = staging / f"{what}.zip"
        try:
            with archive.open("wb") as file:
                connection.download(
                    f"{address}/{what}",
                    file,
                    limit=limit_mb << 20,
                    on_bytes=lambda got, total, what=what: on_bytes(what, got, total),  # type: ignore[misc]
                )
        except Refused as error:
            if what == "kit" and error.status == 404 and "kit" in str(error):
                continue  # a task may have none; the data is what matters
            raise
        archive_unpack(archive, made, what=f"the {what}", strip=what == "kit")


def _move(made: Path, folder: Path, *, force: bool) -> None:
    """Moves all files to where they belong, or none."""
    files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    changed = [name for name in files if not _is_same(made / name, folder / name)]
    if changed and not force:
        shown = ", ".join(name.as_posix() for name in changed[:SHOWN])
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise UsageError(
            f"in {folder} these would change: {shown}{more}. Choose another folder with -p, or "
            "overwrite them with --force; all other files stay."
        )
    for name in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(target)


def _is_same(new: Path, old: Path) -> bool:
    """Whether writing a file would destroy nothing."""
    return not old.exists() or old.is_file() and filecmp.cmp(new, old, shallow=False)
