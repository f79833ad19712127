"""The table of all attacks."""

from tests.attacks.attack import Attack
from tests.attacks.families import (
    archives,
    endings,
    files,
    kernel,
    memory,
    network,
    output,
    predictions,
    processes,
    protocol,
    secrets,
    stages,
)

ATTACKS: tuple[Attack, ...] = (
    *network.ATTACKS,
    *archives.ATTACKS,
    *endings.ATTACKS,
    *files.ATTACKS,
    *kernel.ATTACKS,
    *memory.ATTACKS,
    *output.ATTACKS,
    *predictions.ATTACKS,
    *processes.ATTACKS,
    *protocol.ATTACKS,
    *secrets.ATTACKS,
    *stages.ATTACKS,
)

assert len({attack.title for attack in ATTACKS}) == len(ATTACKS), "two attacks share a name"
