"""Ending one's own runner: it must never look like a fault of ours, which earns another try."""

import signal

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_SHORT = (("wall_seconds", "3"),)
# As the first process of its sandbox, where it is that, it can't be ended by most signals; those
# that are ignored by themselves, or stop it, let it go on or keep it until its time is over.
_ENDED = frozenset({Verdict.RUNTIME_ERROR, Verdict.SCORED})
_STOPPED = _ENDED | {Verdict.TIMEOUT}
_STOPPING = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
_SIGNALS = sorted(set(signal.valid_signals()) - set(range(35, 64)))
# What shells, engines and this project's own launcher mean something by.
_STATUSES = (0, 1, 2, 64, 77, 120, 125, 126, 127, 128, 130, 137, 139, 143, 254, 255)
_WAYS = {
    "exit": "sys.exit",
    "exit_text": "sys.exit with a text",
    "exit_huge": "an exit status that no system has",
    "abort": "aborting",
    "exception_group": "a group of exceptions",
    "base_exception": "an exception that is none of the usual",
    "keyboard_interrupt": "what an interrupt raises",
    "broken_exception": "an exception that can't be printed",
    "recursive_exception": "an exception of which printing never ends",
    "null": "a null pointer",
    "exec": "becoming another program",
    "thread_exit": "ending from a thread",
    "at_exit": "hanging at its end",
    "launch_words": "the words by which our own launcher says that it failed",
    "closed_pipes": "closing all pipes, then waiting",
    "closed_input": "closing its input alone",
}
_WAITING = ("at_exit", "closed_pipes")

ATTACKS = (
    *(
        Attack(
            "endings",
            f"signal_{number}",
            f"signal {number} to itself",
            Upload(
                "endings/ends.py",
                argument=f"signal {number}",
                limits=_SHORT if number in _STOPPING else (),
            ),
            _STOPPED if number in _STOPPING else _ENDED,
            prints=(rf"^ending by signal {number}$",),
        )
        for number in map(int, _SIGNALS)
    ),
    *(
        Attack(
            "endings",
            f"status_{status}",
            f"exit status {status}",
            Upload("endings/ends.py", argument=f"status {status}"),
            frozenset({Verdict.RUNTIME_ERROR}),
            prints=(rf"^ending by status {status}$",),
        )
        for status in _STATUSES
    ),
    *(
        Attack(
            "endings",
            name,
            tries,
            Upload(
                "endings/ends.py",
                argument=f"{name} 0",
                limits=_SHORT if name in _WAITING else (),
            ),
            frozenset({Verdict.RUNTIME_ERROR})
            | ({Verdict.TIMEOUT} if name in _WAITING else set())
            # It had answered all that it was asked.
            | ({Verdict.SCORED} if name == "closed_input" else set()),
            prints=(rf"^ending by {name} 0$",),
        )
        for name, tries in _WAYS.items()
    ),
    Attack(
        "endings",
        "before_hello",
        "code of its own before the runner says that it is up",
        Upload(
            "endings/shadows.py",
            beside=tuple(
                (name, "print('SHADOWED', flush=True)\nimport os\nos._exit(3)\n")
                for name in (
                    "sitecustomize.py",
                    "usercustomize.py",
                    "json.py",
                    "struct.py",
                    "numpy.py",
                    "random.py",
                    "runner.py",
                    "springboard_runner.py",
                    "evaluators/__init__.py",
                )
            )
            + (("pyvenv.cfg", "home = /tmp\n"), ("python._pth", ".\n")),
        ),
        frozenset({Verdict.SCORED, Verdict.RUNTIME_ERROR}),
        prints=(r"^loaded$",),
    ),
    Attack(
        "endings",
        "at_import",
        "ending while it is imported",
        Upload("endings/at_import.py"),
        frozenset({Verdict.RUNTIME_ERROR, Verdict.LOAD_ERROR}),
        prints=("^importing$",),
    ),
    Attack(
        "endings",
        "in_judged_stage",
        "ending in the judged stage only, by a status that tells of hidden inputs",
        Upload("endings/judged.py"),
        frozenset({Verdict.RUNTIME_ERROR}),
        carries=True,
        tells=("^judged_exited: ",),
    ),
)
