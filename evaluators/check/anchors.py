"""Do the kit's baselines score what is expected, and do answers that know nothing score poorly?"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from evaluators.baselines import baseline_names
from evaluators.check.answers import model_write, perfect_score, random_answer
from evaluators.check.bench import Bench
from evaluators.check.findings import Finding, Level
from evaluators.errors import TaskError
from evaluators.expected import Expected, Role, expected_load
from evaluators.metrics import Metric
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport, Split
from evaluators.spec import TaskSpec

BASELINES, ORDER, KNOW_NOTHING, HEADROOM = "baselines", "direction", "know nothing", "limits"
# Of the way from the trivial solution to the weakest that has learnt something.
POOR_SHARE = 0.25
HEADROOM_SHARE = 0.8  # of a limit; other machines are slower


def baselines_judge(bench: Bench, prepared: PreparedTask) -> dict[str, EvaluationReport]:
    """Trains every baseline of the kit, or finds it in the cache, and judges it.

    Raises:
        TaskError: the kit has none, one fails to train, or the scorer fails.
    """
    names = baseline_names(bench.kit)
    if not names:
        raise TaskError(f"{bench.kit} has no train_<name>.py: a task needs solutions to compare")
    return {
        name: bench.judge(prepared, bench.train(name, prepared.public, prepared.data_version))
        for name in names
    }


def pins_compare(spec: TaskSpec, folder: Path, reports: Mapping[str, EvaluationReport]) -> (
    Iterator[Finding]
):  # fmt: skip
    """Compares scores with `expected.json`."""
    expected = expected_load(folder)
    if expected.primary != spec.metrics.primary:
        yield Finding(
            BASELINES,
            Level.FAULT,
            f"expected.json is of {expected.primary}, but the primary metric is "
            f"{spec.metrics.primary}: measure it again",
        )
        return
    metric = spec.metrics.metric(spec.metrics.primary)
    for name, report in reports.items():
        score = public_score(report)
        if score is None:
            yield Finding(BASELINES, Level.FAULT, f"{name}: {report.verdict}, {report.message}")
        elif name not in expected.solutions:
            yield Finding(BASELINES, Level.FAULT, f"expected.json knows no {name}: measure it")
        else:
            pin = expected.solutions[name]
            level = Level.GOOD if pin.holds(score) else Level.FAULT
            digits = metric.digits
            yield Finding(
                BASELINES,
                level,
                f"{name} ({pin.role}): {metric.title} {score:.{digits}f}, expected "
                f"{pin.low:.{digits}f} to {pin.high:.{digits}f}",
            )
    for name in expected.solutions.keys() - reports.keys():
        yield Finding(BASELINES, Level.FAULT, f"expected.json pins {name}, but the kit has none")
    yield from _roles(metric, expected)


def _roles(metric: Metric, expected: Expected) -> Iterator[Finding]:
    """The roles of expected.json stand in the order of the metric."""
    means: dict[Role, list[float]] = {"trivial": [], "baseline": [], "reference": []}
    for pin in expected.solutions.values():
        means[pin.role].append(pin.mean)
    best = {role: min(values, key=metric.sort_key) for role, values in means.items() if values}
    if missing := means.keys() - best.keys():
        yield Finding(
            ORDER, Level.FAULT, f"expected.json has no solution of role {', '.join(missing)}"
        )
    ordered = [(role, best[role]) for role in means if role in best]
    for (lower, low), (upper, high) in zip(ordered, ordered[1:], strict=False):
        if metric.sort_key(high) > metric.sort_key(low):
            yield Finding(
                ORDER,
                Level.FAULT,
                f"{metric.name} is to {metric.direction}, but in expected.json the {upper} "
                f"({high:g}) is worse than the {lower} ({low:g}): the direction of the metric or "
                "a role is wrong",
            )


def order_check(
    bench: Bench, prepared: PreparedTask, reports: Mapping[str, EvaluationReport]
) -> Iterator[Finding]:
    """Trivial scores worse than what has learnt, and the labels themselves score best."""
    metric = bench.task.spec.metrics.metric(bench.task.spec.metrics.primary)
    scores = scores_of(reports)
    trivial = scores.get("trivial")
    if trivial is None:
        yield Finding(ORDER, Level.FAULT, "the kit has no train_trivial.py that is scored")
        return
    worse = [
        f"{name} ({score:.4g})"
        for name, score in scores.items()
        if name != "trivial" and metric.sort_key(score) >= metric.sort_key(trivial)
    ]
    if worse:
        yield Finding(
            ORDER,
            Level.FAULT,
            f"{metric.name} is to {metric.direction}, but {', '.join(worse)} is not better than "
            f"trivial ({trivial:.4g}): the direction of the metric is wrong, or nothing is learnt",
        )
    perfect = perfect_score(bench, prepared)
    if perfect is None:
        yield Finding(ORDER, Level.NOTE, "the labels are no answer here: not tried")
        return
    beaten = [
        f"{name} ({score:.4g})"
        for name, score in scores.items()
        if metric.sort_key(score) < metric.sort_key(perfect)
    ]
    if beaten:
        yield Finding(
            ORDER,
            Level.FAULT,
            f"{metric.name} is to {metric.direction}, but the labels themselves score "
            f"{perfect:.4g}, worse than {', '.join(beaten)}: the direction of the metric is wrong",
        )
    elif not worse:
        yield Finding(
            ORDER,
            Level.GOOD,
            f"{metric.name} is to {metric.direction}: trivial {trivial:.4g}, labels {perfect:.4g}",
        )


def know_nothing_judge(
    bench: Bench,
    prepared: PreparedTask,
    reports: Mapping[str, EvaluationReport],
    scratch: Path,
) -> Iterator[Finding]:
    """The empty and the random answer stay near trivial or below."""
    spec = bench.task.spec
    metric = spec.metrics.metric(spec.metrics.primary)
    scores = scores_of(reports)
    trivial = scores.pop("trivial", None)
    if trivial is None or not scores:
        return
    weakest = max(metric.sort_key(score) for score in scores.values())
    floor = metric.sort_key(trivial)
    limit = floor + POOR_SHARE * (min(weakest, floor) - floor)
    random = random_answer(spec, prepared.practice())
    for name, answer in (("null", None), ("random", random)):
        report = bench.judge(prepared, model_write(scratch / name, spec, answer=answer))
        score = public_score(report)
        if score is None:
            text = f"the {name} answer: {report.verdict}, {report.message}"
            yield Finding(KNOW_NOTHING, Level.FAULT, text)
            continue
        poor = metric.sort_key(score) >= limit
        text = f"the {name} answer scores {score:.{metric.digits}f}, trivial {trivial:.4g}"
        if not poor:
            text += ": too good for an answer that has looked at nothing"
        yield Finding(KNOW_NOTHING, Level.GOOD if poor else Level.FAULT, text)


def headroom_check(spec: TaskSpec, reports: Mapping[str, EvaluationReport]) -> Iterator[Finding]:
    """The largest use of time and memory, beside their limits."""
    seconds = {
        f"{name}, {stage}": report.durations.get(stage, 0.0)
        for name, report in reports.items()
        for stage in ("practice", "judged")
    }
    memory = {name: report.peak_memory_mb for name, report in reports.items()}
    for used, limit, unit in (
        (seconds, spec.limits.wall_seconds, "s"),
        (memory, spec.limits.memory_mb, "MB"),
    ):
        most = max(used, key=lambda name: used[name])
        enough = used[most] <= HEADROOM_SHARE * limit
        text = f"{used[most]:.3g} of {limit} {unit} ({most})"
        if not enough:
            text += ": raise the limit in task.toml, or slower machines will refuse the baselines"
        yield Finding(HEADROOM, Level.GOOD if enough else Level.FAULT, text)


def scores_of(reports: Mapping[str, EvaluationReport]) -> dict[str, float]:
    """Primary scores on the public split of those that were scored."""
    found = {name: public_score(report) for name, report in reports.items()}
    return {name: score for name, score in found.items() if score is not None}


def public_score(report: EvaluationReport) -> float | None:
    """The primary score on the public split."""
    score = report.score(report.primary, Split.PUBLIC)
    return None if score is None else score.value
