"""Trains the baselines of a starter kit, once for each kit, data and runtime."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluators.errors import TaskError
from evaluators.sandbox.threads import thread_variables
from evaluators.spec_errors import did_you_mean

TRAINING_SECONDS = 600
TAIL_LINES = 20
TRAINING_FILE = "training.json"
RSS_BYTES = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss


@dataclass(frozen=True, slots=True)
class Training:
    """What a training has taken.

    Attributes:
        seconds: from its start to its end.
        cpu_seconds: of one core; the same on a machine that nobody else keeps busy.
        peak_mb: memory at its peak. The kernel counts what the process that started it held at that
            moment, so it is never less than that.
        printed: the last lines that it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    printed: tuple[str, ...]


def baseline_names(kit: Path) -> tuple[str, ...]:
    """Names of the solutions that a kit can train: its `train_<name>.py`, sorted."""
    return tuple(sorted(path.stem.removeprefix("train_") for path in kit.glob("train_*.py")))


def baseline_train(
    *,
    kit: Path,
    name: str,
    data: Path,
    runtime_python: Path,
    cache: Path,
    data_version: str,
    runtime_digest: str,
    on_line: Callable[[str], None],
) -> Path:
    """Trains a baseline, or finds the one trained before.

    The kit is our own code; it runs as a plain subprocess, outside any sandbox. Processes that want
    the same baseline at once train it once: the others wait for it.

    Args:
        kit: folder with `train_<name>.py`.
        name: which one.
        data: the prepared public folder.
        runtime_python: interpreter of the machine-learning runtime.
        cache: folder that keeps what was trained.
        data_version: digest of the prepared data.
        runtime_digest: digest of the runtime.
        on_line: called with each line that the script prints.

    Returns:
        The submission, a zip in `cache`.

    Raises:
        TaskError: no such script, or it failed; holds the end of what it printed.
    """
    known = baseline_names(kit)
    if name not in known:
        raise TaskError(f"{kit} has no train_{name}.py{did_you_mean(name, known)}")
    key = _digest(kit, name, data_version, runtime_digest)
    submission = cache / key / f"{name}.zip"
    if submission.is_file():
        on_line(f"{name} was trained before")
        return submission

    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{key}.lock", lambda: on_line(f"{name} is being trained: waiting for it")):
        if submission.is_file():
            on_line(f"{name} was trained meanwhile")
            return submission
        with tempfile.TemporaryDirectory(dir=cache, prefix=f"{name}-") as scratch:
            out = Path(scratch) / "out"
            script = (kit / f"train_{name}.py").resolve()
            training = _run([str(runtime_python), str(script), "--data", str(data.resolve()),
                  "--out", str(out)], scratch=Path(scratch), on_line=on_line)  # fmt: skip
            if not (out / f"{name}.zip").is_file():
                raise TaskError(
                    f"{script} ended well but wrote no {name}.zip into its --out folder"
                )
            (out / TRAINING_FILE).write_text(json.dumps(asdict(training)))
            out.rename(cache / key)
    return submission


def baseline_training(submission: Path) -> Training:
    """What a baseline's training has taken, when it was trained.

    Args:
        submission: as `baseline_train` returned it.
    """
    kept = json.loads((submission.parent / TRAINING_FILE).read_text())
    return Training(**{**kept, "printed": tuple(kept["printed"])})


@contextmanager
def _alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Keeps others out that lock the same file; the lock goes with its process, however it ends."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(kit: Path, name: str, data_version: str, runtime_digest: str) -> str:
    digest = hashlib.sha256(f"{name}\n{data_version}\n{runtime_digest}\n".encode())
    for path in sorted(kit.glob("*.py")):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _run(command: list[str], *, scratch: Path, on_line: Callable[[str], None]) -> Training:
    """Runs a script to its end, passing on its lines; TaskError with their tail if it fails."""
    started = time.monotonic()
    environment = {
        **{key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ},
        **thread_variables(1),  # pins are for one core
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    try:
        process = subprocess.Popen(
            command, cwd=scratch, env=environment, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        raise TaskError(f"{command[0]} can't be started: {error}. Run `make runtime`.") from error
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        process.kill()

    timer = threading.Timer(TRAINING_SECONDS, stop)
    timer.start()
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker; it is a pipe
        for line in process.stdout:
            tail.append(line.rstrip())
            on_line(line.rstrip())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if process.returncode != 0:
        late = f"took more than {TRAINING_SECONDS} s"
        why = late if stopped.is_set() else f"failed ({process.returncode})"
        raise TaskError(f"{command[1]} {why}. It printed last:\n" + "\n".join(tail))
    return Training(
        seconds=round(time.monotonic() - started, 2),
        cpu_seconds=round(used.ru_utime + used.ru_stime, 2),
        peak_mb=round(used.ru_maxrss * RSS_BYTES / 1e6),
        printed=tuple(tail),
    )
