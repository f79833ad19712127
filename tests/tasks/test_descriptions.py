"""What students are told of every task is what the task does, and what its pins say."""

import re
from pathlib import Path

import pytest

from evaluators.baselines import baseline_names
from evaluators.expected import expected_load
from evaluators.metrics import METRICS
from evaluators.task import Task, tasks_find

ROOT = Path(__file__).resolve().parents[2]
TASKS = tasks_find(ROOT / "tasks")
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)


@every_task
def test_scores_are_those_of_expected_json(task: Task) -> None:
    pattern = r"^\| (\w+) \|[^|]*\| ([\d.]+) ± ([\d.]+) \|$"
    rows = {
        name: (mean, sd)
        for name, mean, sd in re.findall(pattern, task.description, flags=re.MULTILINE)
    }
    solutions = expected_load(task.folder).solutions
    assert set(rows) == set(solutions)
    for name, (mean, sd) in rows.items():
        digits = len(mean.partition(".")[2])
        expected = solutions[name]
        assert (mean, sd) == (f"{expected.mean:.{digits}f}", f"{expected.sd:.{digits}f}")


@every_task
def test_expected_scores_are_of_the_kit_s_baselines(task: Task) -> None:
    expected = expected_load(task.folder)
    assert expected.primary == task.spec.metrics.primary
    assert set(expected.solutions) == set(baseline_names(ROOT / "starter_kits" / task.slug))


@every_task
def test_better_roles_have_better_scores(task: Task) -> None:
    key = METRICS[task.spec.metrics.primary].sort_key
    means: dict[str, list[float]] = {"reference": [], "baseline": [], "trivial": []}
    for one in expected_load(task.folder).solutions.values():
        means[one.role].append(key(one.mean))
    assert max(means["reference"]) < min(means["baseline"])
    assert max(means["baseline"]) < min(means["trivial"])


@every_task
def test_no_pin_lets_a_clueless_model_through(task: Task) -> None:
    solutions = expected_load(task.folder).solutions
    trivial = solutions["trivial"].mean
    assert not any(one.holds(trivial) for name, one in solutions.items() if name != "trivial")


@every_task
def test_it_states_what_task_toml_states(task: Task) -> None:
    limits, text = task.spec.limits, " ".join(task.description.split())
    for words in (
        f"{limits.wall_seconds} s for each of the two stages",
        f"{limits.memory_mb:,} MB",
        f"{limits.artifact_mb} MB, and {limits.artifact_mb} MB unpacked",
        f"{limits.scratch_mb} MB of it",
        f"on {task.spec.split.public_fraction:.0%} of them".replace("%", " %"),
        task.spec.source[0].inside,
        task.spec.source[0].package.replace("==", " "),
        task.spec.source[0].licence.partition(" ")[0],
    ):
        assert words in text, words


@every_task
def test_it_names_the_runtime_s_versions(task: Task) -> None:
    lines = (ROOT / "requirements" / "runtime.txt").read_text().splitlines()
    pins = dict(line.split(";")[0].strip().split("==") for line in lines if "==" in line)
    text = " ".join(task.description.split())
    for name in ("torch", "keras", "tensorflow", "scikit-learn", "numpy", "scipy", "pandas",
                 "onnxruntime", "safetensors", "skops", "joblib"):  # fmt: skip
        assert f"{name} {pins[name]}" in text
