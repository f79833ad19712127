"""What a participant gets to see of a report, and the hidden inputs that must not be in it."""

import json
from collections.abc import Iterable

from evaluators.report import EvaluationReport, Progress


def seen_by_participant(report: EvaluationReport, progress: Iterable[Progress]) -> str:
    """All words and figures, live ones included, that a participant may read.

    Scores are left out: what a model answers decides them, and the number of submissions is
    limited. So are times and memory, of which the server shows coarse figures only.
    """
    message = report.message
    parts = [report.practice_log.text, *(step.practice_log.text for step in progress)]
    if message is not None:
        parts += [message.code, message.text, message.help]
    for diagnostic in report.diagnostics:
        parts += [diagnostic.title, diagnostic.caption, json.dumps(dict(diagnostic.data))]
    if report.samples is not None:
        parts += report.samples.texts
        parts += [report.samples.message.text] if report.samples.message else []
    return "\n".join(parts)
