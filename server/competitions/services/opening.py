"""Opens tasks as competitions."""

from datetime import datetime

from server.competitions.models import Competition, Kind, TaskVersion, Visibility
from server.courses.models import Course


def competition_create(
    *,
    course: Course,
    slug: str,
    title: str,
    task_version: TaskVersion,
    opens_at: datetime,
    closes_at: datetime,
    daily_limit: int = 5,
    invalid_daily_limit: int = 20,
    queue_limit: int = 5,
    visibility: Visibility = Visibility.COURSE,
    kind: Kind = Kind.STANDARD,
) -> Competition:
    """Opens a task in a course.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    competition = Competition(
        course=course,
        slug=slug,
        title=title,
        task_version=task_version,
        opens_at=opens_at,
        closes_at=closes_at,
        daily_limit=daily_limit,
        invalid_daily_limit=invalid_daily_limit,
        queue_limit=queue_limit,
        visibility=visibility,
        kind=kind,
    )
    competition.full_clean()
    competition.save()
    return competition
