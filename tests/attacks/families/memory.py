"""More memory than it may have, in every way that memory can be had."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_LIMITS = (("wall_seconds", "20"), ("memory_mb", "128"))
# A single request that can't be met is an exception; a process that is killed has ended by itself
# where the kernel can't limit a group of processes.
_ENDED = frozenset({Verdict.OUT_OF_MEMORY, Verdict.RUNTIME_ERROR})


def _attack(
    name: str, tries: str, verdicts: frozenset[Verdict] = _ENDED, **more: tuple[str, ...]
) -> Attack:
    upload = Upload(
        "memory/takes.py",
        argument=name,
        limits=_LIMITS,
        next_is_judged=name in ("touched", "scratch", "segments"),
    )
    return Attack(
        "memory", name, tries, upload, verdicts, prints=more.get("prints", (f"^taking {name}$",))
    )


ATTACKS = (
    _attack("huge", "64 GB at once"),
    _attack("touched", "array after array"),
    _attack("children", "many children, each a little"),
    _attack("shared", "memory shared with a child"),
    _attack(
        "scratch",
        "files in /tmp, which are memory",
        _ENDED | {Verdict.SCORED},
        prints=("^taking scratch$",),
    ),
    _attack("memfd", "files without a name"),
    _attack("segments", "shared memory that nobody maps"),
    _attack(
        "pipes",
        "what waits in pipes",
        _ENDED | {Verdict.SCORED},
        prints=(r"^pipes hold (\d{1,2}|1[0-2]\d) MB$|^taking pipes$",),
    ),
    _attack(
        "sockets", "what waits in sockets", _ENDED | {Verdict.SCORED}, prints=(r"^taking sockets$",)
    ),
    _attack("recursion", "a stack without end in C", _ENDED),
    _attack("page_tables", "pages far from each other"),
    _attack(
        "first_process",
        "having the runner killed for memory",
        frozenset({Verdict.OUT_OF_MEMORY, Verdict.RUNTIME_ERROR}),
    ),
)
