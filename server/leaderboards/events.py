"""Notes in a course's log who was judged how, and which standings changed."""

from collections.abc import Mapping

from evaluators.report import EvaluationReport, Split
from server.competitions.models import Competition, Team
from server.courses.models import Action
from server.courses.services import action_log
from server.leaderboards.ranking import Best
from server.submissions.models import Evaluation, Score
from server.submissions.services import submission_for_log, submission_log


def finish_log(*, evaluation: Evaluation, report: EvaluationReport) -> None:
    """Notes an evaluation's verdict and primary scores."""
    scores = {
        f"{split}_{report.primary}": score.value
        for split in (Split.PUBLIC, Split.PRIVATE)
        if (score := report.score(report.primary, split)) is not None
    }
    submission_log(
        submission=submission_for_log(evaluation_id=evaluation.pk),
        action=Action.EVALUATION_FINISH,
        after={
            "verdict": evaluation.verdict,
            **scores,
            "attempt": evaluation.attempt,
            "worker": evaluation.worker,
            "evaluation": evaluation.public_id,
        },
    )


def standing_log(
    *, competition: Competition, team: Team, before: Best | None, after: Best | None
) -> None:
    """Notes which evaluation of a team stands on the board, and with which scores.

    Args:
        competition: with its course and task version loaded.
        team: whose standing changed.
        before: what it was; None for none.
        after: what it is; None for none.
    """
    ids = [best.evaluation_id for best in (before, after) if best is not None]
    shown = _shown(ids, competition.task_version.primary_metric.name)
    action_log(
        course=competition.course,
        actor=None,
        action=Action.STANDING_CHANGE,
        subject=f"{competition.slug}: {team.name}",
        before=_standing(before, shown),
        after=_standing(after, shown),
    )


def rebuild_log(*, competition: Competition, differed: int) -> None:
    """Notes that a competition's standings were computed anew, and how many were wrong."""
    action_log(
        course=competition.course,
        actor=None,
        action=Action.STANDINGS_REBUILD,
        subject=competition.slug,
        after={"differed": differed},
    )


def _standing(best: Best | None, shown: Mapping[int, Mapping[str, object]]) -> Mapping[str, object]:
    if best is None:
        return {}
    return {**shown[best.evaluation_id], "scored_submissions": best.scored_submissions}


def _shown(ids: list[int], metric: str) -> Mapping[int, Mapping[str, object]]:
    """Of evaluations what tells them to people."""
    found: dict[int, dict[str, object]] = {
        pk: {"submission": submission, "evaluation": public_id}
        for pk, submission, public_id in Evaluation.objects.filter(pk__in=ids).values_list(
            "pk", "submission__public_id", "public_id"
        )
    }
    scores = Score.objects.filter(
        evaluation__in=ids, metric=metric, split__in=[Split.PUBLIC, Split.PRIVATE]
    )
    for pk, split, value in scores.order_by("-split").values_list(
        "evaluation_id", "split", "value"
    ):
        found[pk][f"{split}_{metric}"] = value
    return found
