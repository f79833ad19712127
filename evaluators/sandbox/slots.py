"""User ids for sandboxes of a worker that runs as root, one a slot.

Each running sandbox has a user id that nothing else uses, so that limits by user and signals
never reach another job's processes. A slot is held by a lock on a file, which the kernel drops
when the worker dies.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.locks import lock_release, lock_take

LOCKS = Path("/run/springboard-slots")
# Far from system users, from ordinary users and from the ranges that subuid hands out; never
# 65534, which some file systems let use their reserved blocks.
FIRST_UID = 7_340_000
SLOTS = 256


@dataclass(frozen=True, slots=True)
class Slot:
    """A held slot."""

    uid: int
    lock: int

    def release(self) -> None:
        """Gives the slot back."""
        lock_release(self.lock)


def slots_usable() -> bool:
    """Whether this process may become the slots' users: it is root, and they exist for it.

    Root of a container without root knows only a few user ids; there, as for any ordinary user,
    all sandboxes share the worker's own.
    """
    if os.geteuid() != 0:
        return False
    ranges = [
        map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines()
    ]
    return any(first <= FIRST_UID < first + count - SLOTS for first, _, count in ranges)


def slot_take() -> Slot:
    """Takes a free slot.

    Raises:
        InfrastructureError: all are taken, or locks can't be made.
    """
    try:
        LOCKS.mkdir(mode=0o700, exist_ok=True)
        for number in range(SLOTS):
            lock = lock_take(LOCKS / str(number))
            if lock is not None:
                return Slot(FIRST_UID + number, lock)
    except OSError as error:
        raise InfrastructureError(
            f"sandbox slots can't be locked under {LOCKS}: {error}"
        ) from error
    raise InfrastructureError(f"all {SLOTS} sandbox slots of this machine are taken")
