"""Carries a session's folders into the engine.

They are copied into a volume, not bound from a path: so the engine may be on another side of a
container or of a network, no path of the worker shows inside, and everything belongs to root there.
"""

import contextlib
import os
import stat
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
    """Writes folders as one tar: regular files and folders only, all of root and read-only.

    Links are left out: none leads out of a folder, and nothing else is data.
    """
    with tarfile.open(fileobj=file, mode="w") as archive:
        for parent in sorted({path.as_posix() for key in folders for path in Path(key).parents}):
            if parent != ".":
                archive.addfile(_info(parent, tarfile.DIRTYPE, 0o755))
        for place, folder in folders.items():
            if not folder.is_dir():
                raise NotADirectoryError(f"there is no folder {folder}")
            archive.addfile(_info(place, tarfile.DIRTYPE, 0o755))
            for path in sorted(folder.rglob("*")):
                _add(archive, path, f"{place}/{path.relative_to(folder).as_posix()}")


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        archive.addfile(_info(name, tarfile.DIRTYPE, 0o755))
    elif stat.S_ISREG(mode):
        with path.open("rb") as content:
            info = _info(name, tarfile.REGTYPE, 0o644)
            info.size = os.fstat(content.fileno()).st_size
            archive.addfile(info, content)


def _info(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    # Made, not taken from the file: so it is root's, and says nothing of this machine.
    info = tarfile.TarInfo(name)
    info.type = kind
    info.mode = mode
    return info
