"""What students are told is what the task does."""

import re

import pytest

from evaluators.expected import expected_load
from evaluators.metrics import METRICS
from evaluators.spec import spec_load
from tests.digits import KIT, ROOT, TASK

DESCRIPTION = (TASK / "description.md").read_text()
SPEC = spec_load(TASK)


def test_its_scores_are_those_of_expected_json() -> None:
    rows = dict(re.findall(r"^\| (\w+) \|[^|]*\| ([\d.]+ ± [\d.]+) \|$", DESCRIPTION, re.MULTILINE))
    solutions = expected_load(TASK).solutions
    assert rows == {name: f"{one.mean:.3f} ± {one.sd:.3f}" for name, one in solutions.items()}


def test_expected_scores_are_of_the_kit_s_baselines() -> None:
    from evaluators.baselines import baseline_names

    expected = expected_load(TASK)
    assert expected.primary == SPEC.metrics.primary
    assert set(expected.solutions) == set(baseline_names(KIT))
    assert {one.role for one in expected.solutions.values()} == {
        "trivial",
        "baseline",
        "reference",
    }


def test_better_roles_have_better_scores() -> None:
    key = METRICS[SPEC.metrics.primary].sort_key
    means: dict[str, list[float]] = {"reference": [], "baseline": [], "trivial": []}
    for one in expected_load(TASK).solutions.values():
        means[one.role].append(key(one.mean))
    assert max(means["reference"]) < min(means["baseline"])
    assert max(means["baseline"]) < min(means["trivial"])


def test_no_pin_lets_a_clueless_model_through() -> None:
    solutions = expected_load(TASK).solutions
    trivial = solutions["trivial"].mean
    assert not any(one.holds(trivial) for name, one in solutions.items() if name != "trivial")


@pytest.mark.parametrize(
    "words",
    [
        f"{SPEC.limits.wall_seconds} s for each of the two stages",
        f"{SPEC.limits.memory_mb:,} MB",
        f"{SPEC.limits.artifact_mb} MB, and {SPEC.limits.artifact_mb} MB unpacked",
        f"{SPEC.limits.scratch_mb} MB of it",
        f"on {SPEC.split.public_fraction:.0%} of them".replace("%", " %"),
        "BSD-3-Clause",
        "MNIST states no\nlicence of its own",
        SPEC.source[0].member,
        SPEC.source[0].package.replace("==", " "),
    ],
)
def test_it_states_what_task_toml_states(words: str) -> None:
    assert words in DESCRIPTION


def test_it_names_the_runtime_s_versions() -> None:
    lines = (ROOT / "requirements" / "runtime.txt").read_text().splitlines()
    pins = dict(line.split(";")[0].strip().split("==") for line in lines if "==" in line)
    text = DESCRIPTION.replace("\n", " ")
    for name in ("torch", "keras", "tensorflow", "scikit-learn", "numpy", "scipy", "pandas",
                 "onnxruntime", "safetensors", "skops", "joblib"):  # fmt: skip
        assert f"{name} {pins[name]}" in text
