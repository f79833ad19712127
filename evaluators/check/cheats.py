"""Submissions that cheat or misbehave: each must end with its verdict, and none may see a label."""

import stat
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from evaluators.check.sources import null_source
from evaluators.check.workshop import Workshop
from evaluators.model_files import MODEL_FILE
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport
from evaluators.verdicts import Verdict

PART = "cheats"
# Nobody waits a minute for those who sleep, nor until all memory is taken.
WALL_SECONDS = 5
MEMORY_MB = 512
NOTHING_FOUND = "labels found: 0"


@dataclass(frozen=True, slots=True)
class Cheat:
    """What a submission does when it is asked, and how that must end.

    Attributes:
        body: lines of Python, where `n`, `answer` and `self` are known.
        verdicts: any of these is right.
    """

    body: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


CHEATS = {
    "looks for labels": Cheat(
        (
            "names = ('judged.npz', 'practice.npz', 'prepare.py', 'task.toml', 'seed')",
            "skipped = ('proc', 'sys', 'usr', 'lib', 'lib64', 'site-packages')",
            "found = 0",
            "for root, folders, files in os.walk('/'):",
            "    folders[:] = [name for name in folders if name not in skipped]",
            "    found += sum(name in names for name in files)",
            "print('labels found:', found, flush=True)",
        ),
        (Verdict.SCORED,),
    ),
    "reads the judge's files": Cheat(("open({secret!r}, 'rb').read()",), (Verdict.RUNTIME_ERROR,)),
    "opens a socket": Cheat(
        ("socket.create_connection(('127.0.0.1', 80), timeout=2)",), (Verdict.RUNTIME_ERROR,)
    ),
    "forks without end": Cheat(
        ("while True:", "    if os.fork() == 0: time.sleep(60)"), (Verdict.RUNTIME_ERROR,)
    ),
    "answers NaN": Cheat(
        ("answer = np.full(answer.shape, np.nan, np.float32)",), (Verdict.INVALID_PREDICTIONS,)
    ),
    "answers with another shape": Cheat(
        ("answer = answer[:, None]",), (Verdict.INVALID_PREDICTIONS,)
    ),
    "prints without end": Cheat(("while True: print('x' * 100_000)",), (Verdict.OUTPUT_LIMIT,)),
    "sleeps": Cheat(("time.sleep(600)",), (Verdict.TIMEOUT,)),
    "takes all memory": Cheat(
        ("hoard = [np.ones(8 << 20) for _ in range(100_000)]",),
        # Where the kernel can't limit a group of processes, the process is killed at its own limit.
        (Verdict.OUT_OF_MEMORY, Verdict.RUNTIME_ERROR),
    ),
    "ends its process": Cheat(("os._exit(0)",), (Verdict.RUNTIME_ERROR,)),
    "writes into the answers' pipe": Cheat(
        (
            "for name in os.listdir('/proc/self/fd'):",
            "    if int(name) > 2:",
            "        try: os.write(int(name), b'SB' * 1000)",
            "        except OSError: pass",
            "os._exit(0)",
        ),
        (Verdict.RUNTIME_ERROR,),
    ),
}


def check_cheats(workshop: Workshop, prepared: PreparedTask) -> None:
    """Judges each of them, with little time and memory."""
    hurried = _hurried(prepared)
    spec, bad = prepared.task.spec, []
    secret = str(prepared.folder / "private" / "judged.npz")
    for number, (name, cheat) in enumerate(CHEATS.items()):
        workshop.findings.say(f"      a submission {name}")
        body = [line.replace("{secret!r}", repr(secret)) for line in cheat.body]
        report = workshop.judge_source(hurried, f"cheat{number}", null_source(spec, *body))
        bad += _wrong(name, cheat.verdicts, report)
        if name == "looks for labels" and NOTHING_FOUND not in report.practice_log.text:
            bad.append(f"one that {name} printed {report.practice_log.text[:200]!r}")
    link = _with_link(workshop.folder, null_source(spec), secret)
    bad += _wrong("links to labels", (Verdict.INVALID_ARTIFACT,), workshop.judge(hurried, link))
    workshop.findings.judge(
        not bad,
        PART,
        "; ".join(bad) or f"{len(CHEATS) + 1} cheating submissions end as they must",
        "This is a fault of the installation, more likely than of the task: run `make doctor`",
    )


def _hurried(prepared: PreparedTask) -> PreparedTask:
    task = prepared.task
    seconds = min(WALL_SECONDS, task.spec.limits.wall_seconds)
    memory = min(MEMORY_MB, task.spec.limits.memory_mb)
    limits = task.spec.limits.model_copy(update={"wall_seconds": seconds, "memory_mb": memory})
    spec = task.spec.model_copy(update={"limits": limits, "sampling": None})
    return replace(prepared, task=replace(task, spec=spec))


def _wrong(name: str, verdicts: tuple[Verdict, ...], report: EvaluationReport) -> list[str]:
    if report.verdict in verdicts:
        return []
    wanted = " or ".join(verdict.value for verdict in verdicts)
    return [f"a submission that {name} ended as {report.verdict.value}, not {wanted}"]


def _with_link(folder: Path, source: str, target: str) -> Path:
    path = folder / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MODEL_FILE, source)
        link = zipfile.ZipInfo("labels.npz")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
    return path
