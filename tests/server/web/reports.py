"""Reports of hostile and of chatty models."""

from dataclasses import replace

from evaluators.messages import message
from evaluators.report import EvaluationReport, Log, Stage
from evaluators.verdicts import Verdict
from tests.server.judging import report_scored

HOSTILE = "<script>alert(1)</script>"


def report_logits() -> EvaluationReport:
    """A model that forgot its softmax."""
    told = message("probabilities_out_of_range", name="half", low=-8.1, high=12.4)
    return replace(
        report_scored(0.5),
        verdict=Verdict.INVALID_PREDICTIONS,
        message=told,
        stage=Stage.PRACTICE,
        scores=(),
    )


def report_hostile(words: str = HOSTILE) -> EvaluationReport:
    """A model that prints and raises what a browser must not run."""
    told = message("model_import_failed", error=words)
    return replace(
        report_logits(),
        verdict=Verdict.LOAD_ERROR,
        message=told,
        practice_log=Log(f"{words}\n", 70_000),
        judged_log=Log(f"judged {words}\n", 0),
    )
