"""Reads competitions, and decides what a person may see of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.competitions.models import Competition, Visibility
from server.courses.models import Course, Membership, Role
from server.courses.selectors import Viewer, membership_find
from server.refusals import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Access:
    """A competition as one person may use it.

    Attributes:
        competition: with its course and task version loaded.
        membership: the person's membership of its course, if any.
    """

    competition: Competition
    membership: Membership | None

    @property
    def is_member(self) -> bool:
        """Whether the person belongs to the course."""
        return self.membership is not None

    @property
    def is_staff(self) -> bool:
        """Whether the person is an assistant or instructor of the course."""
        return self.membership is not None and self.membership.is_staff

    @property
    def sees_private(self) -> bool:
        """Whether the person may see private scores."""
        return self.is_staff or (self.competition.private_revealed and self.is_member)

    def require_member(self) -> Membership:
        """Returns the membership.

        Raises:
            Forbidden: the person is no member.
        """
        if self.membership is None:
            raise Forbidden(
                "Only members of the course may do this. Join it with the invite code that its "
                "instructor gives out."
            )
        return self.membership

    def require_staff(self) -> None:
        """Checks that the person is an assistant or instructor of the course.

        Raises:
            Forbidden: the person is not.
        """
        if not self.is_staff:
            raise Forbidden("Only the assistants and instructors of the course may do this.")

    def require_instructor(self) -> None:
        """Checks that the person is an instructor of the course.

        Raises:
            Forbidden: the person is not.
        """
        if self.membership is None or self.membership.role != Role.INSTRUCTOR:
            raise Forbidden("Only the instructors of the course may do this. Ask one of them.")

    def require_download(self, at: datetime) -> None:
        """Checks that the person may have the kit and the data.

        Raises:
            Forbidden: the person is no member, or the competition has not begun.
        """
        self.require_member()
        opens_at = self.competition.opens_at
        if at < opens_at and not self.is_staff:
            raise Forbidden(
                f"The competition opens at {opens_at:%Y-%m-%d %H:%M} UTC; download then.",
                retry_at=opens_at,
            )


def competitions_visible(*, user: Viewer) -> QuerySet[Competition]:
    """The competitions that a person may know of, newest first."""
    visible = Q(visibility=Visibility.PUBLIC)
    if isinstance(user, User):
        visible |= Q(course__in=Membership.objects.filter(user=user).values("course"))
    return (
        Competition.objects.filter(visible)
        .select_related("course", "task_version")
        .order_by("-opens_at", "-id")
    )


def competitions_of_course(*, course: Course) -> QuerySet[Competition]:
    """A course's competitions, newest first."""
    return Competition.objects.filter(course=course).order_by("-opens_at", "-id")


def competition_access(*, user: Viewer, slug: str) -> Access:
    """Returns a competition as a person may use it.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    competition = (
        Competition.objects.filter(slug=slug)
        .select_related("course", "task_version", "board")
        .first()
    )
    if competition is not None:
        membership = membership_find(user=user, course=competition.course)
        if membership is not None or competition.is_public:
            return Access(competition, membership)
    raise NotFound(
        "There is no such competition among yours. Check its address, or join its course first."
    )
