"""A check's report as one page of text, and as JSON."""

import dataclasses
import textwrap
from typing import Any

from evaluators.check.findings import CheckReport, Level

MARKS = {Level.GOOD: "ok   ", Level.NOTE: "note ", Level.FAULT: "FAULT"}
WIDTH = 100


def check_text(report: CheckReport) -> str:
    """One page, readable as text and as Markdown."""
    faults = len(report.faults)
    outcome = "no faults" if not faults else f"{faults} fault{'s' if faults > 1 else ''}"
    data = report.data_version[:16] or "none"
    lines = [
        f"# Check of {report.task}: {outcome}",
        "",
        f"Version {report.task_version[:16]}, data {data}, {report.seconds:.0f} s.",
        "",
    ]
    part = ""
    for finding in report.findings:
        if finding.part != part:
            part = finding.part
            lines += [f"## {part}", ""] if len(lines) == 4 else ["", f"## {part}", ""]
        lines += textwrap.wrap(
            f"- {MARKS[finding.level]} {finding.text}",
            WIDTH,
            subsequent_indent=" " * 8,
            break_long_words=False,
        )
    return "\n".join(lines) + "\n"


def check_json(report: CheckReport) -> dict[str, Any]:
    """The same as plain data."""
    return {**dataclasses.asdict(report), "faults": len(report.faults)}
