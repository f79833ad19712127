"""Measures what each backend in reach adds to a bare run, all in one interleaved run.

    .venv/bin/python -m scripts.measure_backends --rounds 15

Docker's backends run the image that SPRINGBOARD_IMAGE names. The bare run is the students' own:
the same pipes without walls. Machines drift while they are measured; so each round runs all of
them, one after the other, and the ratios are of medians of the same run.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.evaluate import evaluate
from evaluators.runner import RUNNER
from evaluators.runner.frames import Kind
from evaluators.sandbox import Sandbox, SandboxSpec, sandbox_select
from evaluators.spec import Limits
from evaluators.verdicts import Verdict

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "client"))

from springboard.local import LocalRun  # noqa: E402 found by the line above
from tests.evaluators.judging import SEED  # noqa: E402
from tests.evaluators.tiny_task import GOOD_MODEL, model_folder, prepared_task  # noqa: E402

BACKENDS = ("bubblewrap", "docker+runc", "docker+runsc")
LIMITS = Limits(wall_seconds=60, memory_mb=512, artifact_mb=1)
# The smallest program that can say hello.
HELLO = "import os\nos.write(1, b'SB\\x01\\x00\\x00\\x00\\x00\\x00')\n"
Work = Callable[[Sandbox], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    sandboxes: list[Sandbox] = [LocalRun(), *_in_reach()]
    with tempfile.TemporaryDirectory() as name:
        works = _works(Path(name))
        print(f"{rounds} rounds, medians in ms, and ratios to the bare run")
        print("| | " + " | ".join(sandbox.name for sandbox in sandboxes) + " |")
        print("| --- |" + " --- |" * len(sandboxes))
        for title, work in works.items():
            medians = _medians(work, sandboxes, rounds)
            cells = [f"{ms:.0f} ({ms / medians[0]:.1f})" for ms in medians]
            print(f"| {title} | " + " | ".join(cells) + " |", flush=True)


def _in_reach() -> list[Sandbox]:
    found = []
    for name in BACKENDS:
        try:
            found.append(sandbox_select(name))
        except InfrastructureError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    return found


def _works(folder: Path) -> dict[str, Work]:
    program = folder / "hello"
    program.mkdir(mode=0o755)
    folder.chmod(0o755)
    (program / "__main__.py").write_text(HELLO)
    task, upload = prepared_task(folder / "task"), model_folder(folder / "upload", GOOD_MODEL)

    def judged(sandbox: Sandbox) -> None:
        report = evaluate(
            prepared=task, upload=upload, filename="submission", sandbox=sandbox, seed=SEED
        )
        if report.verdict is not Verdict.SCORED:
            raise InfrastructureError(f"{sandbox.name}: {report.message}")

    return {
        "a program that says hello": lambda sandbox: _hello(sandbox, program),
        "the runner, which imports numpy": lambda sandbox: _hello(sandbox, RUNNER),
        "a small submission, judged in two stages": judged,
    }


def _hello(sandbox: Sandbox, program: Path) -> None:
    with sandbox.open(SandboxSpec(program=program, limits=LIMITS)) as session:
        if session.receive(64).kind is not Kind.HELLO:
            raise InfrastructureError(f"{sandbox.name}: no hello")


def _medians(work: Work, sandboxes: list[Sandbox], rounds: int) -> list[float]:
    taken: list[list[float]] = [[] for _ in sandboxes]
    for number in range(rounds + 1):
        for sandbox, times in zip(sandboxes, taken, strict=True):
            started = time.perf_counter()
            work(sandbox)
            # The first round warms caches.
            if number:
                times.append(1000 * (time.perf_counter() - started))
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    main()
