"""Diagnostics as a report brings them, with a real picture."""

from dataclasses import replace

from evaluators.diagnostics.pictures.bars import bars_draw
from evaluators.report import Diagnostic, EvaluationReport, Split
from tests.server.judging import report_scored

HOSTILE = "<script>alert('told')</script> $x^{2$ \x00"


def told_bars() -> Diagnostic:
    return Diagnostic(
        name="error_by_stratum",
        title="Error by half",
        split=Split.PUBLIC,
        caption="The model's percent wrong by half.",
        data={
            "columns": ["half", "units, in tens", "percent wrong"],
            "rows": [["left", 20, 12], ["right", 30, None]],
            "notes": ["Left out, so that nothing is told of fewer than 20 units: middle."],
        },
        picture=bars_draw(["left"], [12], x="half", y="percent wrong"),
    )


def told_texts() -> Diagnostic:
    return Diagnostic(
        name="texts",
        title="Hardest texts",
        split=Split.PRACTICE,
        caption="The surest mistakes first.",
        data={
            "columns": ["row in practice.npz", "text", "its confidence, %"],
            "rows": [[row, HOSTILE, 99.5] for row in range(70)],
            "notes": [],
        },
    )


def report_told() -> EvaluationReport:
    return replace(report_scored(0.5), diagnostics=(told_texts(), told_bars()))
