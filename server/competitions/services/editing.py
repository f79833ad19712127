"""Opens competitions for staff, and changes them."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from server.accounts.models import User
from server.competitions.models import Competition, TaskVersion
from server.competitions.services.boards import board_touch
from server.competitions.services.opening import competition_create
from server.courses.models import Action, Course
from server.courses.services import action_log

SLUG_LENGTH = 50
FALLBACK_SLUG = "competition"


@dataclass(frozen=True, slots=True)
class CompetitionSettings:
    """What staff decide about a competition, and may change later.

    Attributes:
        opens_at: from when submissions are taken.
        closes_at: the deadline for all.
        daily_limit: submissions of a team that are judged in a day.
        invalid_daily_limit: submissions of a team that fail in a day before they are judged.
        queue_limit: submissions of a team that may wait at one time.
        visibility: who may see it, a value of `Visibility`.
        kind: what it is for, a value of `Kind`.
    """

    title: str
    opens_at: datetime
    closes_at: datetime
    daily_limit: int = 5
    invalid_daily_limit: int = 20
    queue_limit: int = 5
    visibility: str = "course"
    kind: str = "standard"


@dataclass(frozen=True, slots=True)
class CompetitionChanges:
    """New values of a competition's settings; None leaves a value as it is."""

    title: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    daily_limit: int | None = None
    invalid_daily_limit: int | None = None
    queue_limit: int | None = None
    visibility: str | None = None
    kind: str | None = None

    def of(self, competition: Competition) -> dict[str, object]:
        """Those that a competition does not have yet, by name."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value is not None and value != getattr(competition, name)
        }


def competition_open(
    *,
    course: Course,
    actor: User,
    task_version: TaskVersion,
    settings: CompetitionSettings,
    slug: str = "",
) -> Competition:
    """Opens a task in a course as one of its staff.

    Args:
        course: where.
        actor: who opens it.
        task_version: the task.
        settings: dates, limits and visibility.
        slug: its address; made of its title where it is empty.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    with transaction.atomic():
        competition = competition_create(
            course=course,
            slug=slug or _free_slug(settings.title),
            task_version=task_version,
            **asdict(settings),
        )
        action_log(
            course=course,
            actor=actor,
            action=Action.COMPETITION_OPEN,
            subject=competition.slug,
            after=asdict(settings) | {"task": str(task_version)},
        )
    return competition


def competition_edit(
    *, competition: Competition, actor: User, changes: CompetitionChanges
) -> Competition:
    """Changes a competition's settings; the log keeps what was changed.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    with transaction.atomic():
        locked = competition_lock(competition)
        after = changes.of(locked)
        before = {name: getattr(locked, name) for name in after}
        if not after:
            return locked
        for name, value in after.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(after))
        action_log(
            course=locked.course,
            actor=actor,
            action=Action.COMPETITION_EDIT,
            subject=locked.slug,
            before=before,
            after=after,
        )
        board_touch(competition_id=locked.pk)
    return locked


def competition_task_set(
    *, competition: Competition, actor: User, task_version: TaskVersion
) -> Competition:
    """Gives a competition another task version; its standings are to be computed anew after it.

    Args:
        competition: which one.
        actor: an operator.
        task_version: by which it judges from now on.
    """
    with transaction.atomic():
        locked = competition_lock(competition)
        before = locked.task_version
        if before == task_version:
            return locked
        locked.task_version = task_version
        locked.save(update_fields=["task_version"])
        action_log(
            course=locked.course,
            actor=actor,
            action=Action.COMPETITION_EDIT,
            subject=locked.slug,
            before={"task": str(before)},
            after={"task": str(task_version)},
        )
        board_touch(competition_id=locked.pk)
    return locked


def competition_delete(*, competition: Competition, actor: User) -> None:
    """Deletes a competition in which nobody competes; the log keeps what it was.

    Args:
        competition: which one.
        actor: an operator.

    Raises:
        ProtectedError: it has teams.
    """
    with transaction.atomic():
        locked = competition_lock(competition)
        settings = {each.name: getattr(locked, each.name) for each in fields(CompetitionSettings)}
        action_log(
            course=locked.course,
            actor=actor,
            action=Action.COMPETITION_DELETE,
            subject=locked.slug,
            before=settings | {"task": str(locked.task_version)},
        )
        locked.delete()


def competition_lock(competition: Competition) -> Competition:
    """Returns a competition as it is, held until the transaction ends.

    Without its key: whoever gives a team its first standing holds the board by then, and the
    standing's foreign key still has to lock the competition's.
    """
    return (
        Competition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("course", "task_version")
        .get(pk=competition.pk)
    )


def _free_slug(title: str) -> str:
    stem = slugify(title)[:SLUG_LENGTH].strip("-_") or FALLBACK_SLUG
    taken = set(Competition.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
