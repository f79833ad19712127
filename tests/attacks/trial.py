"""Judges an attack's upload as the server would, and sees what it leaves."""

import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evaluators.errors import EvaluatorError
from evaluators.evaluate import evaluate
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport, Progress
from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.attacks.attack import TaskName, Upload
from tests.attacks.bait import Trap
from tests.attacks.remains import remains_since, remains_snapshot
from tests.attacks.seen import seen_by_participant
from tests.evaluators.judging import SEED
from tests.evaluators.tiny_task import GOOD_MODEL, prepared_task
from tests.evaluators.tiny_text_task import JUDGED, UNIFORM_MODEL, prepared_lines

SUBMISSIONS = Path(__file__).parent / "submissions"
# Long enough for an honest model on a busy machine, short enough to wait for those that sleep.
LIMITS = {"wall_seconds": "10", "memory_mb": "512", "log_kb": "16"}
HONEST = {TaskName.SIGNS: GOOD_MODEL, TaskName.LINES: UNIFORM_MODEL}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of judging an upload.

    Attributes:
        report: None when judging failed for another's fault than the submission's.
        fault: that fault, in words.
        seen: all that the participant saw.
        left: what it left on this machine.
        visited: whom it reached on this machine.
        next_verdict: of the honest submission that was judged next, if one was.
        seconds: how long all of it took.
    """

    report: EvaluationReport | None
    fault: str
    seen: str
    left: tuple[str, ...]
    visited: tuple[str, ...]
    next_verdict: Verdict | None
    seconds: float


@dataclass(slots=True)
class Arena:
    """Judges each upload once on each backend.

    Attributes:
        folder: for tasks and uploads.
        temporary: where this process makes its temporary files meanwhile.
        trap: what is told to each submission, and who waits there.
    """

    folder: Path
    temporary: Path
    trap: Trap
    _tasks: dict[tuple[object, ...], PreparedTask] = field(default_factory=dict)
    _trials: dict[tuple[str, Upload], Trial] = field(default_factory=dict)
    _warm: set[str] = field(default_factory=set)

    def trial(self, sandbox: Sandbox, upload: Upload) -> Trial:
        """The trial of an upload."""
        key = (sandbox.name, upload)
        if key not in self._trials:
            with _temporary_files_in(self.temporary):
                self._warm_up(sandbox)
                self._trials[key] = self._judge(sandbox, upload)
        return self._trials[key]

    def honest_verdict(self, sandbox: Sandbox, task: TaskName) -> Verdict:
        """What an honest submission gets."""
        upload = _folder(self.folder, {"model.py": HONEST[task]})
        return self._evaluate(sandbox, self._task(task, LIMITS), upload, []).verdict

    def _warm_up(self, sandbox: Sandbox) -> None:
        """Makes what is made once in a process, so that no attack is blamed for it."""
        if sandbox.name not in self._warm:
            for task in TaskName:
                assert self.honest_verdict(sandbox, task) is Verdict.SCORED
            self._warm.add(sandbox.name)

    def _judge(self, sandbox: Sandbox, upload: Upload) -> Trial:
        started = time.monotonic()
        marker = f"attack-{uuid.uuid4().hex}"
        path = _upload_write(self.folder, upload, marker, self.trap.bait.text())
        task = self._task(upload.task, LIMITS | dict(upload.limits))
        progress: list[Progress] = []
        report, fault = None, ""
        before = remains_snapshot(marker)
        try:
            report = self._evaluate(sandbox, task, path, progress)
        except EvaluatorError as error:
            fault = f"{type(error).__name__}: {error}"
        left = remains_since(before, marker)
        next_verdict = None
        if upload.next_is_judged:
            next_verdict = self.honest_verdict(sandbox, upload.task)
            left = (*left, *(line for line in remains_since(before, marker) if line not in left))
        return Trial(
            report=report,
            fault=fault,
            seen=seen_by_participant(report, progress) if report else "",
            left=left,
            visited=self.trap.visits(),
            next_verdict=next_verdict,
            seconds=time.monotonic() - started,
        )

    def _task(self, name: TaskName, limits: dict[str, str]) -> PreparedTask:
        key = (name, *sorted(limits.items()))
        if key not in self._tasks:
            folder = self.folder / f"task-{len(self._tasks)}"
            self._tasks[key] = (
                prepared_task(folder, **limits)
                if name is TaskName.SIGNS
                else prepared_lines(folder, judged=JUDGED, **limits)
            )
        return self._tasks[key]

    @staticmethod
    def _evaluate(
        sandbox: Sandbox, task: PreparedTask, upload: Path, progress: list[Progress]
    ) -> EvaluationReport:
        return evaluate(
            prepared=task,
            upload=upload,
            filename="submission.zip" if upload.is_file() else "submission",
            sandbox=sandbox,
            seed=SEED,
            on_progress=progress.append,
        )


def _upload_write(parent: Path, upload: Upload, marker: str, bait: str) -> Path:
    model = (SUBMISSIONS / upload.model).read_text()
    if upload.archive is not None:
        path = _folder(parent, {}) / "submission.zip"
        path.write_bytes(upload.archive(model.encode()))
        return path
    files = {
        "model.py": model,
        "attempts.py": (SUBMISSIONS / "attempts.py").read_text(),
        "argument.txt": upload.argument,
        "marker.txt": marker,
        "bait.json": bait,
    }
    return _folder(parent, files | dict(upload.beside))


def _folder(parent: Path, files: dict[str, str]) -> Path:
    folder = Path(tempfile.mkdtemp(dir=parent, prefix="upload-"))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Has this process make its temporary files where nobody else does."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
