"""Processes without end, processes that stay, and signals to others."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_SHORT = (("wall_seconds", "3"),)
_ENDED = frozenset({Verdict.RUNTIME_ERROR})
_ANY_END = frozenset(
    {Verdict.RUNTIME_ERROR, Verdict.OUT_OF_MEMORY, Verdict.TIMEOUT, Verdict.LOAD_ERROR}
)


def _upload(name: str, verdicts: frozenset[Verdict]) -> Upload:
    limits = _SHORT if Verdict.TIMEOUT in verdicts else ()
    return Upload("processes/behaves.py", argument=name, limits=limits, next_is_judged=True)


def _attack(
    name: str,
    tries: str,
    verdicts: frozenset[Verdict],
    *prints: str,
    own_kernel: tuple[str, ...] | None = None,
) -> Attack:
    upload = _upload(name, verdicts)
    return Attack("processes", name, tries, upload, verdicts, prints=prints, own_kernel=own_kernel)


_SCORED = frozenset({Verdict.SCORED})

ATTACKS = (
    _attack("fork_bomb", "forking without end", _ANY_END, "^forking$"),
    _attack(
        "fork_until_refused",
        "as many processes as it gets",
        _SCORED | {Verdict.OUT_OF_MEMORY},
        r"^forks: \d{1,3}, then EAGAIN$",
        # Its processes cost memory of the sandbox's, and meet that limit first.
        own_kernel=("^starting processes$",),
    ),
    _attack(
        "threads",
        "as many threads as it gets",
        _SCORED | {Verdict.OUT_OF_MEMORY, Verdict.TIMEOUT},
        r"^threads: \d{1,3}, then refused$",
        own_kernel=("^starting threads$",),
    ),
    _attack("daemon", "a daemon in a session of its own", _SCORED, "^left: 1$"),
    _attack("many_daemons", "a crowd of daemons that ignore signals", _SCORED, "^left: 20$"),
    _attack(
        "holds_pipes",
        "a child that keeps the pipes open after its parent's end",
        _ENDED,
        "^leaving$",
    ),
    _attack(
        "respawns", "a child that starts itself anew whenever it is killed", _SCORED, "^left: 1$"
    ),
    _attack("stopped_child", "a stopped child", _SCORED, "^left: 1$"),
    _attack("zombies", "children that nobody waits for", _SCORED, "^zombies: 30$"),
    _attack("sleeps", "sleeping", frozenset({Verdict.TIMEOUT}), "^sleeping$"),
    _attack("spins", "computing without end", frozenset({Verdict.TIMEOUT}), "^spinning$"),
    _attack(
        "spins_in_c",
        "computing without end where Python can't be interrupted",
        frozenset({Verdict.TIMEOUT}),
        "^spinning in C$",
    ),
    _attack(
        "ignores_signals",
        "ignoring every signal that can be",
        frozenset({Verdict.TIMEOUT}),
        "^ignoring [1-9]",
    ),
    _attack("stops_itself", "stopping itself", frozenset({Verdict.TIMEOUT}), "^stopping$"),
    _attack(
        "stops_first",
        "stopping the sandbox's first process",
        _SCORED | {Verdict.TIMEOUT},
        "^stopping the first",
    ),
    _attack(
        "kills_first", "killing the sandbox's first process", _SCORED | _ENDED, "^killing the first"
    ),
    _attack("kills_all", "killing every process that it may", _ENDED | _SCORED, "^killing all$"),
    _attack("kills_group", "killing its process group", _ENDED | _SCORED, "^killing the group$"),
    _attack(
        "kills_judge",
        "killing the process that judges it",
        _SCORED,
        "^kills_judge: refused (ESRCH|EPERM)$",
    ),
    _attack(
        "kills_everybody",
        "killing every process of this machine, number by number",
        _SCORED,
        r"^kills_everybody: \d+ reached$",
    ),
    _attack("sees_others", "seeing other processes", _SCORED, r"^sees [1-9], of other users 0$"),
)
