"""Which submissions a person may see, and what of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evaluators.report import Split
from server.accounts.models import User
from server.competitions.models import Competition, Team, TeamMember
from server.courses.selectors import Viewer, membership_find
from server.refusals import Forbidden, NotFound
from server.submissions.models import Evaluation, Score, Submission
from server.submissions.selectors.usage import Usage, usage_of


@dataclass(frozen=True, slots=True)
class SubmissionAccess:
    """A submission as one person may see it.

    Attributes:
        submission: with its competition, task version and team loaded.
        evaluation: its latest evaluation, with artifact and scores loaded.
        is_staff: whether the person is an assistant or instructor of the course.
        sees_private: whether the person may see the private scores.
    """

    submission: Submission
    evaluation: Evaluation
    is_staff: bool
    sees_private: bool

    @property
    def scores(self) -> list[Score]:
        """The scores that the person may see."""
        scores = sorted(self.evaluation.scores.all(), key=lambda score: score.pk)
        return [score for score in scores if self.sees_private or score.split != Split.PRIVATE]

    def require_staff(self) -> None:
        """Checks that the person is an assistant or instructor of the course.

        Raises:
            Forbidden: the person is not.
        """
        if not self.is_staff:
            raise Forbidden("Only the assistants and instructors of the course may do this.")

    @property
    def usage(self) -> Usage:
        """What the evaluation took, as finely as the person may know it."""
        return usage_of(evaluation=self.evaluation, is_staff=self.is_staff)


def submission_access(*, user: Viewer, public_id: str) -> SubmissionAccess:
    """Returns a submission as a person may see it.

    Raises:
        NotFound: there is none, or it is neither of the person's team nor of a course whose
            assistant or instructor the person is.
    """
    submission = _with_evaluations(Submission.objects.filter(public_id=public_id)).first()
    if submission is not None and isinstance(user, User):
        competition = submission.competition
        membership = membership_find(user=user, course=competition.course)
        is_staff = membership is not None and membership.is_staff
        # Who was removed from the course keeps a team, and the team its place, but sees no more.
        if membership is not None and (
            is_staff or TeamMember.objects.filter(team=submission.team, user=user).exists()
        ):
            return SubmissionAccess(
                submission=submission,
                evaluation=latest_evaluation(submission),
                is_staff=is_staff,
                sees_private=is_staff or competition.private_revealed,
            )
    raise NotFound("There is no such submission among yours. Check its address.")


def submissions_of_team(*, team: Team | None) -> QuerySet[Submission]:
    """A team's submissions with their evaluations and scores, newest first; logs are not loaded."""
    if team is None:
        return Submission.objects.none()
    return _for_lists(Submission.objects.filter(team=team))


def submissions_of_competition(*, competition: Competition) -> QuerySet[Submission]:
    """All submissions of a competition, as its course's staff may see them; likewise."""
    return _for_lists(Submission.objects.filter(competition=competition))


def latest_evaluation(submission: Submission) -> Evaluation:
    """Returns the latest evaluation of a submission whose evaluations are loaded, newest first."""
    evaluations: Sequence[Evaluation] = list(submission.evaluations.all())
    return max(evaluations, key=lambda evaluation: evaluation.pk)


def _for_lists(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    logs = ("practice_log", "judged_log", "error")
    return _with_evaluations(submissions, without=logs).order_by("-id")


def _with_evaluations(
    submissions: QuerySet[Submission], without: tuple[str, ...] = ()
) -> QuerySet[Submission]:
    evaluations = (
        Evaluation.objects.select_related("artifact").prefetch_related("scores").defer(*without)
    )
    return submissions.select_related(
        "team", "author", "competition__course", "competition__task_version"
    ).prefetch_related(Prefetch("evaluations", queryset=evaluations))
