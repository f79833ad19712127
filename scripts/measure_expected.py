"""Measures what a kit's baselines score under several secret seeds, and writes expected.json.

    .venv/bin/python -m scripts.measure_expected classification

Each seed is an installation of its own: data is prepared, baselines are trained on it, and the
server's evaluator judges them. Work is kept under var/measure, so a run that was stopped goes on.
"""

import argparse
import json
import math
import statistics
import time
from pathlib import Path

from evaluators.baselines import baseline_names, baseline_train
from evaluators.evaluate import evaluate
from evaluators.expected import EXPECTED_FILE, expected_load
from evaluators.prepare import task_prepare
from evaluators.prepared import PreparedTask
from evaluators.report import Split
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox, sandbox_select
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.sources import sources_fetch
from evaluators.task import Task, task_find

ROOT = Path(__file__).resolve().parents[1]
# Three would do for the same processor; another one rounds otherwise, and training amplifies it.
DEVIATIONS = 4
SHARE_OF_MEAN = 0.15
LEAST_TOLERANCE = 0.001
# What has no entry in expected.json yet.
ROLES = {"trivial": "trivial", "sklearn": "baseline", "torch": "reference", "keras": "reference"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--raw", type=Path, help="a folder of your own raw files")
    arguments = parser.parse_args()

    task = task_find(ROOT / "tasks", arguments.task)
    work = ROOT / "var" / "measure" / task.slug / task.version[:16]
    work.mkdir(parents=True, exist_ok=True)
    raw = arguments.raw or work / "raw"
    if arguments.raw is None and not raw.exists():
        raw.mkdir()
        sources_fetch(task.spec.source, into=raw, on_line=print)
    sandbox = sandbox_select()

    scores: dict[str, list[float]] = {}
    for number in range(1, arguments.seeds + 1):
        seed = seed_of(work / f"seed{number}.hex")
        prepared = task_prepare(
            task=task, data_root=work / f"data{number}", seed=seed, sandbox=sandbox, raw=raw
        )
        for name in baseline_names(ROOT / "starter_kits" / task.slug):
            started = time.monotonic()
            submission = train(prepared, name, work / "baselines")
            trained = time.monotonic() - started
            score = judge(prepared, submission, sandbox, seed)
            scores.setdefault(name, []).append(score)
            judged = time.monotonic() - started - trained
            print(
                f"seed {number}, {name}: {score:.5f} "
                f"(trained in {trained:.1f} s, judged in {judged:.1f} s)",
                flush=True,
            )
    write(task, scores)


def seed_of(path: Path) -> Seed:
    """The secret of one of the installations."""
    if not path.exists():
        path.write_text(Seed.create().hex())
    return Seed.from_hex(path.read_text())


def train(prepared: PreparedTask, name: str, cache: Path) -> Path:
    runtime = runtime_find(runtime_folder())
    return baseline_train(
        kit=ROOT / "starter_kits" / prepared.task.slug,
        name=name,
        data=prepared.public,
        runtime_python=runtime.python,
        cache=cache,
        data_version=prepared.data_version,
        runtime_digest=runtime.digest,
        on_line=lambda line: print(f"    {line}", flush=True),
    )


def judge(prepared: PreparedTask, submission: Path, sandbox: Sandbox, seed: Seed) -> float:
    report = evaluate(
        prepared=prepared, upload=submission, filename=submission.name, sandbox=sandbox, seed=seed
    )
    score = report.score(report.primary, Split.PUBLIC)
    if score is None:
        raise SystemExit(f"{submission.name}: {report.verdict}, {report.message}")
    return score.value


def write(task: Task, scores: dict[str, list[float]]) -> None:
    """Writes the pins, and prints them."""
    path = task.folder / EXPECTED_FILE
    roles = dict(ROLES)
    if path.exists():
        roles |= {name: known.role for name, known in expected_load(task.folder).solutions.items()}
    solutions = {name: pin(values, roles[name]) for name, values in scores.items()}
    ordered = dict(sorted(solutions.items(), key=lambda item: str(item[1]["role"]), reverse=True))
    document = {"primary": task.spec.metrics.primary, "solutions": ordered}
    path.write_text(json.dumps(document, indent=2) + "\n")
    expected_load(task.folder)
    for name, solution in ordered.items():
        print(name, solution)


def pin(values: list[float], role: str) -> dict[str, object]:
    mean, sd = statistics.fmean(values), statistics.stdev(values)
    tolerance = max(DEVIATIONS * sd, SHARE_OF_MEAN * abs(mean), LEAST_TOLERANCE)
    if role == "trivial":  # nothing in it depends on a processor
        tolerance = max(DEVIATIONS * sd, LEAST_TOLERANCE)
    return {
        "role": role,
        "mean": round(mean, 5),
        "tolerance": rounded_up(tolerance),
        "sd": round(sd, 5),
        "seeds": len(values),
    }


def rounded_up(value: float) -> float:
    """Rounds up to two significant digits."""
    step: float = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(round(math.ceil(round(value / step, 6)) * step, 10))


if __name__ == "__main__":
    main()
