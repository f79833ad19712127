"""What participants are told while their submission waits: why, and that they need do nothing.

What a worker that fell silent had taken waits too, for others to come.
"""

from server.submissions.attempts import MAX_ATTEMPTS
from server.submissions.notices import Notice

_KEEPS_ITS_PLACE = "Nothing: it keeps its place in the queue."
_KEEPS_WAITING = (
    "Nothing: it keeps its place, and is judged as soon as one is online. If this lasts, tell your "
    "instructor."
)
_KEEPS_WAITING_FOR_REPAIR = (
    "Nothing: it keeps its place, and is judged as soon as one is well. If this lasts, tell your "
    "instructor."
)

TEAM_RUNS = Notice(
    code="team_runs",
    text="Another submission of your team is being judged; this one comes after it.",
    help="",
)
SOON = Notice(code="soon", text="A worker takes your submission in a moment.", help="")
NO_WORKER = Notice(code="no_worker", text="No worker is online.", help=_KEEPS_WAITING)
BUSY = Notice(code="busy", text="All workers are busy.", help=_KEEPS_ITS_PLACE)
UNFIT = Notice(
    code="unfit", text="The workers are out of order at present.", help=_KEEPS_WAITING_FOR_REPAIR
)

SOON_ON_GPU = Notice(code="soon", text="A GPU worker takes your submission in a moment.", help="")
NO_GPU_WORKER = Notice(
    code="no_gpu_worker",
    text="No GPU worker is online, and this task is judged on a GPU.",
    help=_KEEPS_WAITING,
)
GPUS_BUSY = Notice(code="gpus_busy", text="All GPU workers are busy.", help=_KEEPS_ITS_PLACE)
GPUS_UNFIT = Notice(
    code="gpus_unfit",
    text="All GPUs are out of order at present; they are tried again every minute.",
    help=_KEEPS_WAITING_FOR_REPAIR,
)

# Where a course lets CPU workers judge while no GPU worker is online.
SOON_ON_CPU = Notice(
    code="soon_on_cpu",
    text="No GPU worker is online; a CPU worker takes your submission in a moment.",
    help="",
)
NO_WORKER_AT_ALL = Notice(
    code="no_worker",
    text="No worker is online: neither one with a GPU, nor one that judges on a CPU.",
    help=_KEEPS_WAITING,
)
CPUS_UNFIT = Notice(
    code="cpus_unfit",
    text=(
        "No GPU worker is online, and the workers that may judge on a CPU instead are out of order "
        "at present."
    ),
    help=_KEEPS_WAITING_FOR_REPAIR,
)
CPUS_BUSY = Notice(
    code="cpus_busy",
    text="No GPU worker is online, and all workers that may judge on a CPU instead are busy.",
    help=_KEEPS_ITS_PLACE,
)

# Told until a worker, or a sweep of its own, takes it from the one that fell silent.
SILENT = Notice(
    code="worker_silent",
    text="Its worker fell silent; it is judged again when a worker is online.",
    help="Nothing: it keeps its place. If this lasts, tell your instructor.",
)
SILENT_AT_LAST = Notice(
    code="worker_silent_at_last",
    text=(
        f"Its worker fell silent in the last of {MAX_ATTEMPTS} attempts; it ends as not judged "
        "when a worker is online."
    ),
    help="Nothing: your instructor is told then, and can have it judged again.",
)
SILENT_CANCELLED = Notice(
    code="worker_silent_cancelled",
    text="Its worker fell silent before it stopped; it is cancelled when a worker is online.",
    help="",
)


def tried_again(*, failures: int) -> Notice:
    """Told while nobody is free but the worker that has just failed, by a fault of ours."""
    return Notice(
        code="tried_again",
        text=(
            "We failed to judge it, by a fault of ours; it is tried again soon, in attempt "
            f"{failures + 1} of {MAX_ATTEMPTS}."
        ),
        help=_KEEPS_ITS_PLACE,
    )
