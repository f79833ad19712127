"""Submissions that know nothing must score like it."""

from collections.abc import Mapping

from evaluators.check.solutions import primary_scores
from evaluators.check.sources import null_source, random_source
from evaluators.check.workshop import Workshop
from evaluators.expected import expected_load
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport, Split
from evaluators.verdicts import Verdict

PART = "clueless"
# Of the way from the trivial solution to the weakest of the others.
NEAR_TRIVIAL = 0.5


def check_clueless(
    workshop: Workshop, prepared: PreparedTask, reports: Mapping[str, EvaluationReport]
) -> None:
    """Judges a submission of zeros and one of chance, and compares them with the solutions."""
    spec = workshop.task.spec
    key = spec.metrics.metric(spec.metrics.primary).sort_key
    solutions = expected_load(workshop.task.folder).solutions
    scores = {n: s for n, s in primary_scores(reports).items() if n in solutions}
    trivial = [key(s) for n, s in scores.items() if solutions[n].role == "trivial"]
    others = [key(s) for n, s in scores.items() if solutions[n].role != "trivial"]
    for name, source in (("zeros", null_source(spec)), ("chance", random_source(spec))):
        report = workshop.judge_source(prepared, name, source)
        score = report.score(report.primary, Split.PUBLIC)
        if report.verdict is not Verdict.SCORED or score is None:
            why = report.message.text if report.message else ""
            workshop.findings.fail(PART, f"{name} ended as {report.verdict.value}: {why}")
        elif not trivial or not others:
            workshop.findings.note(PART, f"{name} score {score.value:.4f}, with nothing beside it")
        else:
            limit = min(trivial) + NEAR_TRIVIAL * (max(others) - min(trivial))
            workshop.findings.judge(
                key(score.value) >= limit,
                PART,
                f"{name} score {score.value:.4f}",
                "That is nearer to a real solution than to the trivial one: does the metric "
                "measure what it should, or is its direction wrong?",
            )
