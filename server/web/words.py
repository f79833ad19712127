"""Verdicts and progress in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluators.report import Stage
from evaluators.verdicts import Verdict
from server.submissions.models import Evaluation, Status
from server.submissions.notices import Notice

Tone = Literal["good", "bad", "busy", "quiet"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says of an evaluation.

    Attributes:
        title: a few words, for lists and headings.
        text: a sentence or two.
        help: what to do next; may be empty.
        tone: how it looks.
    """

    title: str
    text: str
    help: str
    tone: Tone


VERDICT_TITLES: Mapping[Verdict, str] = {
    Verdict.SCORED: "Scored",
    Verdict.INVALID_ARTIFACT: "Upload not usable",
    Verdict.LOAD_ERROR: "Model does not load",
    Verdict.RUNTIME_ERROR: "Model failed",
    Verdict.INVALID_PREDICTIONS: "Predictions not valid",
    Verdict.TIMEOUT: "Out of time",
    Verdict.OUT_OF_MEMORY: "Out of memory",
    Verdict.OUTPUT_LIMIT: "Too much output",
    Verdict.CANCELLED: "Cancelled",
}
STAGE_TITLES: Mapping[str, str] = {
    "": "Starting",
    Stage.UNPACK.value: "Unpacking",
    Stage.PRACTICE.value: "Practice stage",
    Stage.JUDGED.value: "Judged stage",
    Stage.SCORING.value: "Scoring",
}
STAGE_TEXTS: Mapping[str, str] = {
    "": "A worker has taken your submission and prepares it.",
    Stage.UNPACK.value: "Your upload is being unpacked and checked.",
    Stage.PRACTICE.value: ("Your model runs on the practice sample. What it prints appears below."),
    Stage.JUDGED.value: "Your model runs on the hidden inputs.",
    Stage.SCORING.value: "The predictions are in and are being scored.",
}


def evaluation_words(evaluation: Evaluation, waiting: Notice | None = None) -> Words:
    """Says in words how far an evaluation is, or how it ended.

    Args:
        evaluation: it.
        waiting: why it waits, or that its worker fell silent, where that is looked for.
    """
    if evaluation.status == Status.QUEUED:
        return _waiting_words(waiting)
    if evaluation.is_active:
        if waiting is not None:
            return Words("Interrupted", waiting.text, waiting.help, "quiet")
        if evaluation.cancel_requested:
            return Words("Stopping", "The worker has been asked to stop.", "", "busy")
        stage = evaluation.stage
        return Words(STAGE_TITLES[stage], STAGE_TEXTS[stage], "", "busy")
    if evaluation.status == Status.ERROR:
        return Words("Not judged", evaluation.message_text, evaluation.message_help, "quiet")
    return _verdict_words(evaluation)


def _waiting_words(waiting: Notice | None) -> Words:
    text = waiting.text if waiting else "Your submission waits for a worker."
    return Words("Waiting", text, waiting.help if waiting else "", "busy")


def _verdict_words(evaluation: Evaluation) -> Words:
    verdict = Verdict(evaluation.verdict)
    title = VERDICT_TITLES[verdict]
    if verdict is Verdict.SCORED:
        return Words(title, "Your submission was judged and has its scores.", "", "good")
    tone: Tone = "quiet" if verdict is Verdict.CANCELLED else "bad"
    return Words(title, evaluation.message_text, evaluation.message_help, tone)
