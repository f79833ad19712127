"""What somebody gains who learns from the public originals of what is judged."""

from collections.abc import Mapping
from pathlib import Path

from evaluators.check.solutions import primary_scores, reference_name
from evaluators.check.workshop import Workshop
from evaluators.prepare import task_contaminate
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport

PART, SUSPICION = "contamination", "suspicion"
DEFINES = "def contaminate("


def check_suspicion(workshop: Workshop, reports: Mapping[str, EvaluationReport]) -> None:
    """Fails if honest solutions would be flagged as too good to be true."""
    too_good = workshop.task.spec.metrics.too_good
    if too_good is None:
        workshop.findings.note(SUSPICION, "task.toml sets no too_good, so nobody is flagged")
        return
    flagged = [name for name, report in reports.items() if _flagged(workshop, report)]
    workshop.findings.judge(
        not flagged,
        SUSPICION,
        f"too_good = {too_good} would flag the kit's own {', '.join(flagged)}"
        if flagged
        else f"too_good = {too_good} flags none of the kit's solutions",
        "Set it beyond what honest training reaches",
    )


def check_contamination(
    workshop: Workshop, prepared: PreparedTask, raw: Path, reports: Mapping[str, EvaluationReport]
) -> None:
    """Trains the best reference solution on contaminated data, and compares it with itself."""
    findings, task = workshop.findings, workshop.task
    too_good = task.spec.metrics.too_good
    honest = primary_scores(reports)
    if not honest:
        findings.note(PART, "no solution was scored, so there is nothing to compare with")
        return
    metric = task.spec.metrics.metric(task.spec.metrics.primary)
    name = reference_name(task.folder, reports, metric)
    if DEFINES not in (task.folder / "prepare.py").read_text(encoding="utf-8"):
        findings.note(
            PART, "prepare.py has no contaminate(raw, public, seed), so no gap is measured"
        )
        return
    public = task_contaminate(
        task=task,
        raw=raw,
        into=workshop.folder / "contaminated",
        seed=workshop.seed,
        sandbox=workshop.sandbox,
        on_line=lambda line: findings.say(f"      {line}"),
    )
    report = workshop.judge(prepared, workshop.train_on(name, public))
    score = primary_scores({name: report}).get(name)
    if score is None:
        findings.fail(PART, f"{name}, trained on contaminated data, was not scored")
        return
    gain = metric.sort_key(honest[name]) - metric.sort_key(score)
    told = f"{name} scores {score:.4f} instead of {honest[name]:.4f}: a gain of {gain:.4f}"
    if too_good is None:
        findings.note(PART, f"{told}; nobody is flagged without a too_good")
    elif _flagged(workshop, report):
        findings.ok(PART, f"{told}, which is flagged (too_good = {too_good})")
    else:
        findings.note(PART, f"{told}, which is not beyond too_good = {too_good}")


def _flagged(workshop: Workshop, report: EvaluationReport) -> bool:
    return workshop.task.spec.metrics.is_too_good(report.judged_primary)
