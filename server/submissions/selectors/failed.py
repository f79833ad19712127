"""What could not be judged, by a fault of ours or of the task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from server.competitions.models import Competition
from server.courses.models import Course
from server.submissions.error_gist import error_gist
from server.submissions.models import Evaluation, Status, Submission
from server.submissions.notices import TASK_FAULT

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """A submission that could not be judged, for the course's staff.

    Attributes:
        submission: with its team and competition loaded.
        ended_at: when it was given up.
        is_task_fault: whether the task is at fault, and not the server.
        error: what went wrong, in one line.
    """

    submission: Submission
    ended_at: datetime | None
    is_task_fault: bool
    error: str


@dataclass(frozen=True, slots=True)
class Failures:
    """The latest submissions that could not be judged.

    Attributes:
        more: whether there are more than these.
    """

    rows: Sequence[Failure]
    more: bool


def failures_of(*, course: Course, competition: Competition | None = None) -> QuerySet[Evaluation]:
    """The evaluations of a course that ended as errors and were not judged again, newest first.

    Args:
        course: whose.
        competition: only those of one; of all where it is None.
    """
    later = Evaluation.objects.filter(submission=OuterRef("submission"), id__gt=OuterRef("id"))
    failed = Evaluation.objects.filter(
        ~Exists(later), status=Status.ERROR, submission__competition__course=course
    )
    if competition is not None:
        failed = failed.filter(submission__competition=competition)
    return (
        failed.select_related(
            "submission__team",
            "submission__author",
            "submission__competition__course",
            "submission__competition__task_version",
        )
        .defer("practice_log", "judged_log")
        .order_by("-id")
    )


def failures_shown(*, course: Course, competition: Competition | None = None) -> Failures:
    """Returns the latest of a course, or of one competition, that could not be judged."""
    found = list(failures_of(course=course, competition=competition)[: SHOWN + 1])
    rows = [
        Failure(
            submission=evaluation.submission,
            ended_at=evaluation.finished_at,
            is_task_fault=evaluation.message_code == TASK_FAULT.code,
            error=error_gist(evaluation.error),
        )
        for evaluation in found[:SHOWN]
    ]
    return Failures(rows, more=len(found) > SHOWN)
