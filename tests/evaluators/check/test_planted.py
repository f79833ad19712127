"""Faults that are planted in a sound task: each is found, and named."""

import re
from pathlib import Path

import pytest

from evaluators.check.findings import Findings
from evaluators.sandbox import Sandbox
from tests.evaluators.check.planted import LOG_LOSS, PREPARE, ROLES, TOML, Planted, check

pytestmark = [pytest.mark.sandbox, pytest.mark.runtime]

OWN = """primary = "cost"
secondary = ["log_loss"]
scorer = "scorer:score"

[metrics.own.cost]
title = "Cost of mistakes"
direction = "{direction}"
"""
COST = """
import numpy as np

def score(target, predictions):
    return {"cost": 1.0 - predictions[np.arange(len(target)), target].astype(np.float64)}
"""
COSTS = {"trivial": 0.5, "careful": 0.3, "bold": 0.05}


def own_metric(direction: str) -> str:
    named = OWN.format(direction=direction)
    return TOML.replace('primary = "log_loss"\nsecondary = ["accuracy"]\n', named)


def with_lines(*lines: str) -> str:
    """The task's prepare.py, with more at the end of `prepare`."""
    return PREPARE + "".join(f"    {line}\n" for line in lines)


LEAK = with_lines(
    'near = features + seed.stream("noise").normal(0, 1e-3, features.shape).astype(np.float32)',
    'more, labels = items(seed.stream("train"), 300)',
    "near, target = np.concatenate([near[:40], more]), np.concatenate([target[:40], labels])",
    "write(public, near, target, seed)",
)
FAULTS = {
    "a label file": (
        Planted(prepare=with_lines('np.save(public / "answers.npy", target)')),
        "secrecy",
        r"judged labels lie under public in answers\.npy",
    ),
    "a table of labels": (
        Planted(
            prepare=with_lines(
                'rows = "".join(f"{i},{label}\\n" for i, label in enumerate(target))',
                '(public / "sample.csv").write_text("id,label\\n" + rows)',
            )
        ),
        "secrecy",
        r"judged labels lie under public in sample\.csv: column 2",
    ),
    "a copy of the judged file": (
        Planted(
            prepare=with_lines(
                '(public / "x.bin").write_bytes((private / "judged.npz").read_bytes())'
            )
        ),
        "secrecy",
        r"public/x\.bin is the private file judged\.npz",
    ),
    "judged items among the training data": (
        Planted(prepare=with_lines("write(public, features, target, seed)")),
        "secrecy",
        r"100\.00% of the judged features are under public",
    ),
    "a group that leaks": (
        Planted(prepare=LEAK),
        "near-duplicates",
        r"[12]\d\.\d% of the judged features nearly repeat a training item.*leaks a group",
    ),
    "chance that is not the seed's": (
        Planted(prepare=with_lines('np.save(public / "extra.npy", np.random.normal(size=9))')),
        "preparation",
        r"prepared twice with the same seed, public/extra\.npy differ",
    ),
    "a metric in the wrong direction": (
        Planted(own_metric("maximize"), scorer=COST, primary="cost", means=COSTS),
        "direction",
        r"the direction of 'cost' is wrong",
    ),
    "roles in the wrong order": (
        Planted(roles={**ROLES, "careful": "reference", "bold": "baseline"}),
        "direction",
        r"A better role must have a better score",
    ),
    "a scorer that throws": (
        Planted(
            own_metric("minimize"),
            scorer="def score(target, predictions):\n    raise ValueError('a bug of the author')",
            primary="cost",
            means=COSTS,
        ),
        "baselines",
        r"(?s)signs: scorer\.py failed:.*a bug of the author",
    ),
    "a score outside its pin": (
        Planted(means={**LOG_LOSS, "careful": 0.3}),
        "baselines",
        r"careful \(baseline\) scores 0\.35.*; pinned is 0\.3000",
    ),
    "a metric that rewards knowing nothing": (
        Planted(
            own_metric("minimize"),
            scorer=COST.replace("1.0 - ", "0.5 + 0 * "),
            primary="cost",
            means=dict.fromkeys(COSTS, 0.5),
        ),
        "direction",
        r"A better role must have a better score",
    ),
    "a baseline that is too good": (
        Planted(TOML.replace('["accuracy"]\n', '["accuracy"]\ntoo_good = 0.1\n')),
        "suspicion",
        r"too_good = 0\.1 would flag the kit's own bold",
    ),
}


def fault_of(findings: Findings, part: str) -> str:
    return " | ".join(fault.text for fault in findings.faults if fault.part == part)


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_found_and_named(name: str, bubblewrap: Sandbox, tmp_path: Path) -> None:
    planted, part, words = FAULTS[name]
    findings = check(planted, tmp_path, bubblewrap)
    assert not findings.passed
    assert re.search(words, fault_of(findings, part)), findings.markdown()


def test_the_sound_task_passes(bubblewrap: Sandbox, tmp_path: Path) -> None:
    findings = check(Planted(), tmp_path, bubblewrap)
    assert findings.passed, findings.markdown()
    parts = {finding.part for finding in findings.all}
    assert parts >= {"preparation", "schema", "secrecy", "near-duplicates", "baselines", "limits"}


def test_a_sound_scorer_passes(bubblewrap: Sandbox, tmp_path: Path) -> None:
    planted = Planted(own_metric("minimize"), scorer=COST, primary="cost", means=COSTS)
    findings = check(planted, tmp_path, bubblewrap)
    assert findings.passed, findings.markdown()


def test_data_that_fail_end_the_check(bubblewrap: Sandbox, tmp_path: Path) -> None:
    planted = Planted(prepare=with_lines("raise KeyError('column')"))
    findings = check(planted, tmp_path, bubblewrap)
    assert [fault.part for fault in findings.all] == ["preparation"]
    assert "KeyError: 'column'" in findings.faults[0].text
