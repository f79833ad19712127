"""Disks that are full."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from server.ids import public_id
from tests.chaos.arena import Arena
from tests.chaos.fault import AT_MOST_THRICE, Fault
from tests.chaos.students import Refused
from tests.chaos.uploads import scored
from tests.chaos.world import HALVES

FULL_SECONDS = 3
# The answers of a server that has no room just now.
NO_ROOM = {503, 507}


def _worker(arena: Arena) -> None:
    stack = arena.stack
    for sent in arena.sent:
        arena.ended(sent)
    with _small_disk(stack.folder / "tmp" / "small") as small:
        stack.workers[0].kill()
        stack.crew(2, changes={"TMPDIR": str(small)})
        with _filled(small):
            arena.strike()
            for _ in range(4):
                arena.submit(scored(padding=100), attempts=AT_MOST_THRICE)
            time.sleep(FULL_SECONDS)
        for sent in arena.sent:
            arena.ended(sent)
        stack.processes_kill()


def _storage(arena: Arena) -> None:
    sent = arena.submit(scored(judged=1), attempts=AT_MOST_THRICE)
    arena.reached(sent, "judged")
    person, upload = arena.world.person(), scored(padding=300)
    with _filled(Path(settings.STORAGE_DIR)):
        arena.strike()
        try:
            arena.students.submit_once(person, upload, competition=HALVES, key=public_id())
            raise AssertionError("an upload was taken although the disk is full")
        except Refused as refused:
            assert refused.status in NO_ROOM, refused
        time.sleep(FULL_SECONDS)
    # Nothing was charged: the quota is compared with what was taken.
    arena.submit(upload, person=person, attempts=AT_MOST_THRICE)


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "chaos", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        ballast.unlink()


FAULTS = (
    Fault(
        "disk/worker",
        f"the disk that a worker unpacks on is full for {FULL_SECONDS} s; another worker's is not",
        "each is judged, by the other or when there is room again",
        _worker,
        needs_root=True,
    ),
    Fault(
        "disk/storage",
        f"the storage's disk is full for {FULL_SECONDS} s, during an upload and while a result "
        "is stored",
        "the upload is refused and not charged; the other is judged again when there is room",
        _storage,
        needs_root=True,
    ),
)
