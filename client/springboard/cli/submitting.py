"""`springboard submit`, `submissions`, `logs` and `cancel`."""

import argparse

from evaluators.metrics.words import metric_text, metric_title
from springboard.cli.named import competition_named, path_named, submission_named
from springboard.cli.output import Output
from springboard.client import Springboard
from springboard.progress import Progress
from springboard.results import Submission
from springboard.terminal import table

SCORED, NOT_SCORED = 0, 1


def submit(options: argparse.Namespace, output: Output) -> int:
    """Submits a model; with --wait it says what became of it."""
    path = path_named(options)
    line = Progress(f"uploading {path.name}", quiet=output.quiet)
    with Springboard(options.server, tell=output.note) as board:
        try:
            sent = board.submit(
                path,
                competition=competition_named(options),
                message=options.message,
                on_bytes=line.update,
            )
        finally:
            line.end()
        if not options.wait:
            text = (
                f"Submitted as {sent.id}. To see what becomes of it: "
                f"springboard submissions {sent.id}"
            )
            output.result(text, sent.model_dump(mode="json"))
            return 0
        output.note(f"Submitted as {sent.id}.")
        ended = board.wait(sent, timeout=options.timeout, on_change=_Teller(output))
    output.result(submission_text(ended), ended.model_dump(mode="json"))
    return SCORED if ended.is_scored else NOT_SCORED


def submissions(options: argparse.Namespace, output: Output) -> int:
    """Lists the team's submissions, or shows one."""
    with Springboard(options.server, tell=output.note) as board:
        if options.submission is not None:
            one = board.submission(options.submission)
            output.result(submission_text(one), one.model_dump(mode="json"))
            return 0
        found = board.submissions(competition_named(options), limit=options.limit)
    text = _list_text(found) if found else "You have not submitted anything yet."
    output.result(text, [one.model_dump(mode="json") for one in found])
    return 0


def logs(options: argparse.Namespace, output: Output) -> int:
    """Shows what a model printed on the practice sample."""
    with Springboard(options.server, tell=output.note) as board:
        found = board.submission(submission_named(options, board))
    document = {
        "id": found.id,
        "practice_log": found.practice_log,
        "practice_log_dropped": found.practice_log_dropped,
    }
    output.result(found.practice_log.rstrip("\n"), document)
    if not found.practice_log:
        output.note(
            "It has printed nothing so far." if not found.is_ended else "It printed nothing."
        )
    if found.practice_log_dropped:
        output.note(f"{found.practice_log_dropped} bytes more were not kept.")
    return 0


def cancel(options: argparse.Namespace, output: Output) -> int:
    """Cancels a submission."""
    with Springboard(options.server, tell=output.note) as board:
        found = board.cancel(options.submission)
    output.result(
        f"{found.id} is cancelled." if found.is_ended else f"{found.id} will stop soon.",
        found.model_dump(mode="json"),
    )
    return 0


def submission_text(found: Submission) -> str:
    """A submission for reading, several lines."""
    lines = [f"{found.id}: {found.verdict or _state(found)}", f"  {found.filename}"]
    if found.note:
        lines[-1] += f"  ({found.note})"
    if found.message is not None:
        lines += ["", found.message.text, f"What to do: {found.message.help}"]
    if found.practice_log and not found.is_scored:
        lines.append(f"What it printed: springboard logs {found.id}")
    if found.judged_on_cpu:
        lines += ["", "It was judged on a CPU: no GPU worker was online."]
    if found.scores:
        rows = [
            (
                metric_title(score.metric),
                score.split or "",
                metric_text(score.metric, score.value),
                f"{metric_text(score.metric, score.low)} to "
                f"{metric_text(score.metric, score.high)}",
            )
            for score in found.scores
        ]
        lines += ["", table(("metric", "split", "score", "95 % interval"), rows, frozenset({2}))]
    return "\n".join(lines)


def _list_text(found: tuple[Submission, ...]) -> str:
    rows = []
    for one in found:
        score = next((s for s in one.scores if s.split == "public"), None)
        rows.append(
            (
                one.id,
                f"{one.received_at.astimezone():%Y-%m-%d %H:%M}",
                one.filename,
                one.verdict or _state(one),
                f"{metric_title(score.metric)} {metric_text(score.metric, score.value)}"
                if score
                else "",
                one.note,
            )
        )
    head = ("submission", "when", "file", "verdict", "public score", "message")
    return table(head, rows, frozenset())


class _Teller:
    """Says when a submission's state changes, and nothing twice."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._said = ""

    def __call__(self, found: Submission) -> None:
        state = _state(found)
        if state != self._said and not found.is_ended:
            self._said = state
            self._output.note(state)


def _state(found: Submission) -> str:
    line = found.status
    if found.queue_position:
        line = f"{line}, number {found.queue_position} in line"
    if found.waiting:  # also where it runs no more, as its worker fell silent
        line = f"{line}: {found.waiting.text}"
    note = found.attempt_note
    if note and line == found.status:
        note = f"({note})"
    return " ".join(word for word in (line, found.outlook, note) if word)
