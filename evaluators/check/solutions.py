"""Whether the kit's solutions score what `expected.json` says, in an order that makes sense."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.baselines import baseline_names
from evaluators.check.workshop import Workshop
from evaluators.expected import Expected, Role, expected_load
from evaluators.items import Items
from evaluators.metrics import Metric
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport, Split
from evaluators.scorer import scorer_stats
from evaluators.scoring import split_scores
from evaluators.splits import units_split
from evaluators.verdicts import Verdict

PART = "baselines"
ROLES: tuple[Role, ...] = ("trivial", "baseline", "reference")
# What may be used of a limit: another machine is slower, another seed has longer texts.
MOST_USED = 0.8


def check_solutions(workshop: Workshop, prepared: PreparedTask) -> dict[str, EvaluationReport]:
    """Trains and judges each solution of the kit.

    Returns:
        Their reports by name.

    Raises:
        TaskError: there are no pins, or a training fails.
    """
    findings, task = workshop.findings, workshop.task
    expected, names = expected_load(task.folder), baseline_names(workshop.kit)
    if expected.primary != task.spec.metrics.primary:
        findings.fail(
            PART,
            f"expected.json is of {expected.primary}, but task.toml ranks by "
            f"{task.spec.metrics.primary}: measure it anew",
        )
    if set(names) != set(expected.solutions):
        findings.fail(
            PART,
            f"the kit trains {', '.join(names) or 'nothing'}, but expected.json pins "
            f"{', '.join(sorted(expected.solutions))}: measure it anew",
        )
    reports = {}
    for name in names:
        submission = workshop.train(name, prepared.public, prepared.data_version)
        reports[name] = report = workshop.judge(prepared, submission)
        _pinned(workshop, expected, name, report)
    return reports


def _pinned(workshop: Workshop, expected: Expected, name: str, report: EvaluationReport) -> None:
    findings = workshop.findings
    score = report.score(report.primary, Split.PUBLIC)
    if report.verdict is not Verdict.SCORED or score is None:
        why = report.message.text if report.message else ""
        findings.fail(PART, f"{name} ended as {report.verdict.value}: {why}")
        return
    if name not in expected.solutions:
        return
    pin = expected.solution(name)
    findings.judge(
        pin.holds(score.value),
        PART,
        f"{name} ({pin.role}) scores {score.value:.4f} ({score.low:.4f} to {score.high:.4f}); "
        f"pinned is {pin.mean:.4f} ± {pin.tolerance:.4f}",
        "The task or the kit has changed since it was measured, or the pin is too narrow: run "
        "scripts.measure_expected",
    )


def check_order(
    workshop: Workshop, prepared: PreparedTask, reports: Mapping[str, EvaluationReport]
) -> None:
    """Better roles must have better scores, and the right answers the best of all.

    So a metric that is turned the wrong way round is found.
    """
    findings, spec = workshop.findings, workshop.task.spec
    metric = spec.metrics.metric(spec.metrics.primary)
    expected = expected_load(workshop.task.folder)
    scores = primary_scores(reports)
    # Between trivial and trained the gap is wide. Two that are trained may change places under one
    # installation's seed, so their means over several are compared.
    key, pins = metric.sort_key, expected.solutions
    means = {role: [key(pin.mean) for pin in pins.values() if pin.role == role] for role in ROLES}
    trivial = [key(scores[n]) for n in scores if n in pins and pins[n].role == "trivial"]
    trained = [key(scores[n]) for n in scores if n in pins and pins[n].role != "trivial"]
    best = [min(means[role]) for role in ROLES if means[role]]
    ordered = best == sorted(best, reverse=True) and bool(trivial and trained)
    told = ", ".join(f"{pins[n].role} {n} {scores[n]:.4f}" for n in scores if n in pins)
    word = "larger" if metric.direction == "maximize" else "smaller"
    findings.judge(
        ordered and max(trained) < min(trivial),
        "direction",
        f"{metric.name}, {word} is better: {told or 'no scores'}",
        "A better role must have a better score, from trivial on: is the metric's direction wrong, "
        "or a role in expected.json?",
    )
    perfect = perfect_score(workshop, prepared)
    if perfect is None:
        findings.note("direction", "for this kind of task there is no perfect answer to try")
        return
    findings.judge(
        all(metric.sort_key(perfect) <= metric.sort_key(score) for score in scores.values()),
        "direction",
        f"the right answers themselves score {perfect:.4f}",
        f"That is no better than a baseline although {word} is better: the direction of "
        f"{metric.name!r} is wrong, or its targets are",
    )


def primary_scores(reports: Mapping[str, EvaluationReport]) -> dict[str, float]:
    """Public primary scores by name, of those that have one."""
    found = {name: report.score(report.primary, Split.PUBLIC) for name, report in reports.items()}
    return {name: score.value for name, score in found.items() if score is not None}


def perfect_score(workshop: Workshop, prepared: PreparedTask) -> float | None:
    """The public primary score of the judged labels; None where answers are no labels."""
    spec, items = prepared.task.spec, prepared.judged()
    answers = _right_answers(prepared, items)
    if answers is None:
        return None
    own = scorer_stats(
        task=workshop.task, items=items, predictions=answers, sandbox=workshop.sandbox
    )
    public = units_split(items.unit, public_fraction=spec.split.public_fraction, seed=workshop.seed)
    scored = split_scores(spec=spec, items=items, predictions=answers, public=public, own=own)
    return scored.scores[0].value


def _right_answers(prepared: PreparedTask, items: Items) -> NDArray[np.generic] | None:
    spec = prepared.task.spec
    if not spec.output:
        return None
    output = spec.output[spec.output_name]
    if output.kind == "probabilities" and items.target.ndim == 1:
        return np.eye(len(output.classes or ()), dtype=np.float32)[items.target.astype(np.int64)]
    if items.target.shape[1:] != output.item_shape:
        return None
    return items.target.astype(output.dtype)


def check_limits(workshop: Workshop, reports: Mapping[str, EvaluationReport]) -> None:
    """Reports what solutions use of the task's limits; fails where little is left."""
    limits = workshop.task.spec.limits
    for name, report in reports.items():
        seconds = max(report.durations.get(step, 0.0) for step in ("practice", "judged"))
        size = 0.0 if report.artifact is None else report.artifact.size / 1e6
        used = {
            "s": (seconds, limits.wall_seconds),
            "MB of memory": (report.peak_memory_mb, limits.memory_mb),
            "MB of files": (size, limits.artifact_mb),
        }
        told = ", ".join(f"{value:.1f} of {limit} {unit}" for unit, (value, limit) in used.items())
        workshop.findings.judge(
            all(value <= MOST_USED * limit for value, limit in used.values()),
            "limits",
            f"{name} uses {told}",
            f"More than {MOST_USED:.0%} of a limit leaves students too little: raise it",
        )


def reference_name(folder: Path, reports: Mapping[str, EvaluationReport], metric: Metric) -> str:
    """The reference solution with the best score, or the best of all where none is a reference."""
    scores = primary_scores(reports)
    solutions = expected_load(folder).solutions
    chosen = [n for n in scores if n in solutions and solutions[n].role == "reference"]
    return min(chosen or scores, key=lambda name: metric.sort_key(scores[name]))
