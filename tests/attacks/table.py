"""The table of all attacks."""

from tests.attacks.attack import Attack
from tests.attacks.families import files, kernel, memory, network, processes

ATTACKS: tuple[Attack, ...] = (
    *network.ATTACKS,
    *files.ATTACKS,
    *kernel.ATTACKS,
    *memory.ATTACKS,
    *processes.ATTACKS,
)

assert len({attack.title for attack in ATTACKS}) == len(ATTACKS), "two attacks share a name"
