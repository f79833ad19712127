"""Prepares a task's data: fetches raw files and runs `prepare.py` in a sandbox."""

import datetime
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from evaluators.errors import InfrastructureError, TaskError
from evaluators.prepared import READY_FILE, PreparedTask, data_digest
from evaluators.report import Log
from evaluators.runner import RUNNER
from evaluators.runner.frames import Frame, Kind
from evaluators.runner.seed import Seed
from evaluators.sandbox.base import Ending, Sandbox, SandboxSpec, Session, SessionStopped
from evaluators.sources import sources_fetch
from evaluators.spec import Limits
from evaluators.task import Task

LIMITS = Limits(
    wall_seconds=900, memory_mb=4096, cpus=2, artifact_mb=1, log_kb=256, scratch_mb=2048
)
FILE_BYTES = 1 << 30
TOTAL_BYTES = 2 << 30
SIDES = ("public", "private")
OnLine = Callable[[str], None]


def prepared_folder(task: Task, data_root: Path, raw: Path | None = None) -> Path:
    """Where a task version's data lies, made from its sources or from an instructor's own files."""
    own = "" if raw is None else f"-{_digest(raw)[:16]}"
    return data_root / task.slug / f"{task.version[:16]}{own}"


def prepared_find(task: Task, data_root: Path, data_version: str | None = None) -> PreparedTask:
    """Finds a task's prepared data.

    Args:
        task: the task.
        data_root: where prepared data is kept.
        data_version: digest of the data that is wanted; None for those that were prepared last,
            of which an instructor's own files may be the source.

    Raises:
        TaskError: it has not been prepared; says how.
    """
    place = data_root / task.slug
    ready = place.glob(f"{task.version[:16]}*/{READY_FILE}")
    latest_first = sorted(ready, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = [_prepared(task, path.parent) for path in latest_first]
    for prepared in found:
        if data_version in (None, prepared.data_version):
            return prepared
    if found and data_version is not None:
        raise TaskError(
            f"the task {task.slug!r} has data under {place}, but none of version "
            f"{data_version[:12]}: restore them, or load the task anew and have an operator "
            "give the competition that version"
        )
    raise TaskError(
        f"the task {task.slug!r} (version {task.version[:16]}) has no data under {data_root}: "
        f"run `python -m evaluators prepare {task.slug}`"
    )


def _prepared(task: Task, folder: Path) -> PreparedTask:
    try:
        ready = json.loads((folder / READY_FILE).read_text())
        return PreparedTask(task, folder, str(ready["data_version"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TaskError(
            f"{folder / READY_FILE} is damaged ({error}): remove {folder} and prepare again"
        ) from error


def task_prepare(
    *,
    task: Task,
    data_root: Path,
    seed: Seed,
    sandbox: Sandbox,
    raw: Path | None = None,
    on_line: OnLine = print,
) -> PreparedTask:
    """Prepares a task, unless its data is there already, and makes that data the latest.

    Args:
        task: the task.
        data_root: where prepared data is kept.
        seed: the task's secret seed.
        sandbox: where `prepare.py` runs: no network, raw data read-only.
        raw: a folder of an instructor's own raw files, instead of the task's sources.
        on_line: called with each line of progress.

    Raises:
        TaskError: a source or `prepare.py` is at fault.
        InfrastructureError: the network or the sandbox fails.
    """
    folder = prepared_folder(task, data_root, raw)
    if (folder / READY_FILE).exists():
        (folder / READY_FILE).touch()
        return _prepared(task, folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".preparing-") as scratch:
        staged_raw = raw_stage(task, Path(scratch) / "raw", raw, on_line)
        staged = Path(scratch) / "prepared"
        for side in SIDES:
            (staged / side).mkdir(parents=True)
        (staged / "private").chmod(0o700)
        _run(task, staged_raw, staged, seed, sandbox, on_line)
        prepared = PreparedTask(task, staged, data_digest(staged))
        # Reading both proves them, before anyone is judged by them.
        on_line(f"{len(prepared.practice())} practice items, {len(prepared.judged())} judged items")
        ready = {
            "data_version": prepared.data_version,
            "task_version": task.version,
            "prepared_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
        (staged / READY_FILE).write_text(json.dumps(ready, indent=2))
        if folder.exists():  # left over from before it was ready
            shutil.rmtree(folder)
        staged.rename(folder)
    return _prepared(task, folder)


def task_contaminate(
    *, task: Task, raw: Path, into: Path, seed: Seed, sandbox: Sandbox, on_line: OnLine = print
) -> Path:
    """Makes public data in which the judged originals are learnt from, as `contaminate` says.

    Args:
        task: the task; its `prepare.py` defines `contaminate(raw, public, seed)`.
        raw: folder of the raw files.
        into: an empty folder.
        seed: the task's secret seed.
        sandbox: where it runs.
        on_line: called with each line of progress.

    Returns:
        The public folder, in `into`.

    Raises:
        TaskError: `prepare.py` is at fault.
        InfrastructureError: the sandbox fails.
    """
    for side in SIDES:
        (into / side).mkdir(parents=True)
    _run(task, raw, into, seed, sandbox, on_line, job="contaminate")
    return into / "public"


def raw_stage(task: Task, into: Path, raw: Path | None = None, on_line: OnLine = print) -> Path:
    """Fetches a task's sources, or copies an instructor's own files, for the sandbox to read.

    Raises:
        TaskError: a source is not what `task.toml` says, or the files can't be copied.
        InfrastructureError: the network fails.
    """
    if raw is None:
        into.mkdir(parents=True)
        sources_fetch(task.spec.source, into=into, on_line=on_line)
    else:
        _copy(raw, into)
    _open_for_reading(into)
    return into


def _digest(raw: Path) -> str:
    """Digest of the names and contents of an instructor's own files."""
    digest = hashlib.sha256()
    try:
        for path in sorted(raw.rglob("*")):
            if path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(raw).as_posix()} {content}\n".encode())
    except OSError as error:
        raise _unreadable(raw, error) from error
    return digest.hexdigest()


def _unreadable(raw: Path, error: Exception) -> TaskError:
    return TaskError(
        f"the raw files in {raw} can't be copied: {error}. Name a folder that you may read."
    )


def _copy(raw: Path, target: Path) -> None:
    try:
        shutil.copytree(raw, target)
    except (OSError, shutil.Error) as error:
        raise _unreadable(raw, error) from error


def _open_for_reading(folder: Path) -> None:
    # The sandbox runs as a user without rights, and an instructor's own folder is often private.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _run(
    task: Task,
    raw: Path,
    staged: Path,
    seed: Seed,
    sandbox: Sandbox,
    on_line: OnLine,
    job: str = "prepare",
) -> None:
    told = 0

    def tell(log: Log) -> None:
        nonlocal told
        complete = log.text.rpartition("\n")[0]
        for line in complete[told:].splitlines():
            if line:
                on_line(line)
        told = max(told, len(complete))

    spec = SandboxSpec(
        program=RUNNER, limits=LIMITS, folders={"task": task.folder, "raw": raw}, on_log=tell
    )
    with sandbox.open(spec) as session:
        try:
            _receive_files(session, staged, task, seed, job)
            tell(session.close().log)
        except SessionStopped as stopped:
            raise _stopped(task, stopped) from stopped


def _receive_files(session: Session, staged: Path, task: Task, seed: Seed, job: str) -> None:
    if session.receive(64).kind is not Kind.HELLO:
        raise InfrastructureError("the runner did not say hello")
    orders = {
        "job": job,
        "task": session.path("task"),
        "raw": session.path("raw"),
        "seed": seed.hex(),
    }
    session.send(Kind.CONFIGURE, json.dumps(orders).encode())
    total = 0
    while (frame := session.receive(FILE_BYTES)).kind is Kind.FILE:
        total += len(frame.payload)
        if total > TOTAL_BYTES:
            raise TaskError(f"{task.slug}: prepare.py wrote more than {TOTAL_BYTES >> 20} MB")
        _write_file(frame, staged, task)
    if frame.kind is not Kind.END:
        log = session.close().log.text.strip()
        raise TaskError(f"{task.slug}: prepare.py failed:\n{log[-3000:]}")


def _write_file(frame: Frame, staged: Path, task: Task) -> None:
    header, _, content = bytes(frame.payload).partition(b"\n")
    try:
        name = PurePosixPath(str(json.loads(header)))
    except (ValueError, RecursionError) as error:
        raise TaskError(f"{task.slug}: prepare.py sent a file without a name") from error
    if (
        name.is_absolute()
        or ".." in name.parts
        or len(name.parts) < 2
        or name.parts[0] not in SIDES
    ):
        raise TaskError(f"{task.slug}: prepare.py wrote {str(name)[:200]!r}, outside its folders")
    path = staged / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _stopped(task: Task, stopped: SessionStopped) -> TaskError | InfrastructureError:
    outcome = stopped.outcome
    tail = outcome.log.text.strip()[-2000:]
    if outcome.ending is Ending.EXITED and outcome.wall_seconds < 1:
        return InfrastructureError(f"the sandbox did not start: {tail or outcome.how}")
    return TaskError(
        f"{task.slug}: prepare.py was stopped ({outcome.ending}, {outcome.how}): {tail}"
    )
