"""Notes in a course's log what became of its submissions, in the transaction that does it."""

from collections.abc import Mapping

from server.accounts.models import User
from server.courses.models import Action, By
from server.courses.services import action_log
from server.submissions.models import Submission


def submission_log(
    *,
    submission: Submission,
    action: Action,
    actor: User | None = None,
    by: By = By.PARTICIPANT,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Adds what happened to a submission to its course's log.

    Args:
        submission: to what; with its competition, course and team loaded.
        action: what was done.
        actor: who did it; None for the server itself.
        by: as what the actor did it.
        before: the values that were changed, as they were.
        after: the same values, as they are now.
    """
    competition = submission.competition
    found = {"competition": competition.slug, "team": submission.team.name}
    action_log(
        course=competition.course,
        actor=actor,
        by=by,
        action=action,
        subject=submission.public_id,
        before=before,
        after=found | dict(after or {}),
    )


def submission_for_log(*, evaluation_id: int) -> Submission:
    """Returns an evaluation's submission with all that `submission_log` wants."""
    return Submission.objects.select_related("competition__course", "team").get(
        evaluations=evaluation_id
    )
