"""An evaluation's report for people and for programs."""

from typing import Any

from evaluators.metrics.words import metric_better, metric_text, metric_title
from evaluators.report import EvaluationReport, Log, Score
from evaluators.verdicts import Verdict


def report_json(report: EvaluationReport) -> dict[str, Any]:
    """A report as one JSON object, without the item statistics and predictions.

    Returns:
        `verdict`, `message` (null when scored), `scores` (a list of metric, split, value, low,
        high), `practice_log`, and what the scores are bound to.
    """
    message, artifact = report.message, report.artifact
    return {
        "task": report.task,
        "verdict": report.verdict.value,
        "message": message and {"code": message.code, "text": message.text, "help": message.help},
        "stage": report.stage.value,
        "primary": report.primary,
        "scores": [
            {
                "metric": score.metric,
                "split": score.split.value,
                "value": score.value,
                "low": score.low,
                "high": score.high,
            }
            for score in report.scores
        ],
        "practice_log": report.practice_log.text,
        "practice_log_dropped_bytes": report.practice_log.dropped_bytes,
        "judged_log": report.judged_log.text,
        "artifact": artifact
        and {
            "sha256": artifact.digest,
            "size": artifact.size,
            "files": artifact.files,
            "entry": artifact.entry,
            "kind": artifact.kind,
        },
        "durations": dict(report.durations),
        "peak_memory_mb": report.peak_memory_mb,
        "task_version": report.provenance.task_version,
        "data_version": report.provenance.data_version,
        "runtime": report.provenance.runtime,
        "sandbox": report.provenance.sandbox,
        "sandbox_notes": list(report.provenance.sandbox_notes),
    }


def report_text(report: EvaluationReport) -> str:
    """A report to read in a terminal."""
    lines = [f"{report.task}: {report.verdict.value}"]
    if report.artifact is not None:
        artifact = report.artifact
        size = f"{artifact.size / 1e6:.2f} MB in {artifact.files} file(s)"
        lines.append(f"artifact {artifact.digest[:16]}, {size}, entry {artifact.entry}")
    if report.message is not None:
        lines += ["", report.message.text, report.message.help]
    if report.scores:
        lines += ["", *scores_table(report.scores)]
    if report.practice_log.text:
        lines += ["", "practice log:", *log_lines(report.practice_log)]
    if report.verdict is not Verdict.SCORED and report.judged_log.text:
        lines += ["", "judged log:", *log_lines(report.judged_log)]
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report.durations.items())
    lines += ["", f"{steps}; at most {report.peak_memory_mb:.0f} MB of memory"]
    lines += [f"not enforced here: {note}" for note in report.provenance.sandbox_notes]
    return "\n".join(lines)


def scores_table(scores: tuple[Score, ...]) -> list[str]:
    """Scores as lines of equal columns, each with its 95 % interval."""
    lines = [f"{'metric':<18}{'split':<10}{'score':>10}   95 % interval"]
    for score in scores:
        name = score.metric
        value, low, high = (metric_text(name, v) for v in (score.value, score.low, score.high))
        better = f"  ({metric_better(name)})" if metric_better(name) else ""
        title = metric_title(name)
        lines.append(f"{title:<18}{score.split:<10}{value:>10}   {low} to {high}{better}")
    return lines


def log_lines(log: Log) -> list[str]:
    """A log, indented, with a line that says what was cut."""
    lines = [f"  {line}" for line in log.text.splitlines()]
    if log.dropped_bytes:
        lines.append(f"  … {log.dropped_bytes} more bytes were not kept")
    return lines
