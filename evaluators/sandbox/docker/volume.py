"""Carries a session's folders into the engine.

They are copied into a volume, not bound from a path: so the engine may be on another side of a
container or of a network, no path of the worker shows inside, and everything belongs to root there.
"""

import contextlib
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from docker.types import Mount

from evaluators.sandbox.docker.engine import ENGINE_ERRORS, Engine, Image
from evaluators.sandbox.docker.ownership import container_remove, volume_remove

JOB = "/job"
# Kept in memory up to this size, else in a file.
SPOOL_BYTES = 16 * 2**20


@contextmanager
def volume_filled(
    engine: Engine, image: Image, name: str, folders: Mapping[str, Path], labels: dict[str, str]
) -> Iterator[Mount]:
    """Makes a volume with copies of folders, and removes it again if the block fails.

    Args:
        engine: where.
        image: for the container that is made, never started, to write into the volume.
        name: of the volume.
        folders: by their path below `JOB`.
        labels: for the volume.

    Yields:
        How a container mounts it, read-only, at `JOB`.
    """
    engine.api.create_volume(name, labels=labels)
    try:
        _fill(engine, image, name, folders, labels)
        yield Mount(JOB, name, type="volume", read_only=True, no_copy=True)
    except BaseException:
        with contextlib.suppress(*ENGINE_ERRORS):
            volume_remove(engine, name)
        raise


def _fill(
    engine: Engine, image: Image, name: str, folders: Mapping[str, Path], labels: dict[str, str]
) -> None:
    host = engine.api.create_host_config(
        network_mode="none", mounts=[Mount(JOB, name, type="volume", no_copy=True)]
    )
    loader = engine.api.create_container(
        image.digest, command=["true"], host_config=host, labels=labels, name=f"{name}-loader"
    )["Id"]
    try:
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            archive_write(cast(IO[bytes], spool), folders)
            spool.seek(0)
            engine.api.put_archive(loader, JOB, spool)
    finally:
        container_remove(engine, loader)


def archive_write(file: IO[bytes], folders: Mapping[str, Path]) -> None:
    """Writes folders as one tar: regular files and folders only, all of root and read-only."""
    with tarfile.open(fileobj=file, mode="w") as archive:
        for parent in sorted({path.as_posix() for key in folders for path in Path(key).parents}):
            if parent != ".":
                archive.addfile(_root_owned(_folder(parent)))
        for path, folder in folders.items():
            archive.add(folder, path, filter=_kept)


def _folder(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = tarfile.DIRTYPE
    return info


def _kept(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    # No link leads out of the folder, and nothing else is data.
    return _root_owned(info) if info.isreg() or info.isdir() else None


def _root_owned(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o755 if info.isdir() else 0o644
    return info
