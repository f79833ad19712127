"""The table of all attacks."""

from tests.attacks.attack import Attack
from tests.attacks.families import kernel, network

ATTACKS: tuple[Attack, ...] = (*network.ATTACKS, *kernel.ATTACKS)

assert len({attack.title for attack in ATTACKS}) == len(ATTACKS), "two attacks share a name"
