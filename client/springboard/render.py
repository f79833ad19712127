"""Says what the check found, to people and to programs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evaluators.metrics.words import metric_better, metric_text, metric_title
from evaluators.report import Samples, Score
from evaluators.verdicts import Verdict
from springboard.check import CheckResult
from springboard.terminal import plain

SAMPLES_SHOWN = 3
SAMPLE_CHARACTERS = 300


def as_text(path: Path, result: CheckResult, notes: Iterable[str]) -> str:
    """A report for reading, several lines."""
    lines = [f"{path}: {result.verdict}"]
    if result.artifact is not None:
        artifact = result.artifact
        megabytes = artifact.size / 1e6
        files = "1 file" if artifact.files == 1 else f"{artifact.files} files"
        lines.append(f"  model    {artifact.entry} ({files}, {megabytes:.1f} MB)")
    if result.wall_seconds:
        lines.append(f"  used     {_use(result)}")
    if result.message is not None:
        lines += ["", result.message.text, f"What to do: {result.message.help}"]
    if result.scores:
        lines += ["", f"On the {result.items} practice items, with 95 % intervals:"]
        lines += [_score(score) for score in result.scores]
        if own := sorted(result.spec.metrics.own):
            lines.append(f"  {', '.join(map(metric_title, own))}: computed on the server only")
    if result.samples is not None:
        lines += ["", *_samples(result.samples)]
    if result.log.text.strip():
        lines += ["", "Your model printed:"]
        lines += [f"  | {line}" for line in result.log.text.rstrip().splitlines()]
    if result.log.dropped_bytes:
        lines.append(f"  ({result.log.dropped_bytes} bytes more were not kept)")
    if notes := list(notes):
        lines += ["", *(f"Note: {note}." for note in notes)]
    if result.verdict is Verdict.SCORED:
        lines += ["", "Ready to submit. On the server, hidden items decide your place."]
    return "\n".join(lines)


def as_document(path: Path, result: CheckResult, notes: Iterable[str]) -> dict[str, Any]:
    """The same for programs."""
    message = result.message
    return {
        "path": str(path),
        "verdict": result.verdict,
        "message": message and {"code": message.code, "text": message.text, "help": message.help},
        "scores": [
            {"metric": s.metric, "split": s.split, "value": s.value, "low": s.low, "high": s.high}
            for s in result.scores
        ],
        "practice_log": result.log.text,
        "practice_log_dropped_bytes": result.log.dropped_bytes,
        "artifact": result.artifact and result.artifact.digest,
        "samples": list(result.samples.texts) if result.samples else [],
        "wall_seconds": round(result.wall_seconds, 3),
        "peak_memory_mb": round(result.peak_memory_mb, 1),
        "notes": list(notes),
    }


def _samples(samples: Samples) -> list[str]:
    if samples.message is not None:
        return [
            "It can't draw samples, which costs no score:",
            f"  {samples.message.text}",
            f"  {samples.message.help}",
        ]
    shown = [plain(text[:SAMPLE_CHARACTERS]) for text in samples.texts[:SAMPLES_SHOWN]]
    return [f"Of {len(samples.texts)} samples that it drew:", *(f"  > {text}" for text in shown)]


def _use(result: CheckResult) -> str:
    limits = result.spec.limits
    used = f"{result.wall_seconds:.1f} s of {limits.wall_seconds} s"
    if result.peak_memory_mb:
        used += f", {result.peak_memory_mb:.0f} MB of {limits.memory_mb} MB memory"
    return used


def _score(score: Score) -> str:
    name = score.metric
    value, low, high = (metric_text(name, end) for end in (score.value, score.low, score.high))
    better = f"; {metric_better(name)}" if metric_better(name) else ""
    return f"  {metric_title(name):<10} {value}  ({low} to {high}{better})"
