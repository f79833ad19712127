"""What a person may do in a course."""

from dataclasses import dataclass

from django.conf import settings

from server.accounts.models import User
from server.courses.models import Course, Membership, Role
from server.courses.selectors.memberships import Viewer, membership_find
from server.refusals import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class CourseAccess:
    """A course as one of its members may use it."""

    course: Course
    membership: Membership

    @property
    def is_instructor(self) -> bool:
        """Whether the person is an instructor of the course."""
        return self.membership.role == Role.INSTRUCTOR

    def require_staff(self) -> None:
        """Checks that the person is an assistant or instructor.

        Raises:
            Forbidden: the person is not.
        """
        if not self.membership.is_staff:
            raise Forbidden("Only the assistants and instructors of the course may do this.")

    def require_instructor(self) -> None:
        """Checks that the person is an instructor.

        Raises:
            Forbidden: the person is not.
        """
        if not self.is_instructor:
            raise Forbidden("Only the instructors of the course may do this. Ask one of them.")


def course_access(*, user: Viewer, slug: str) -> CourseAccess:
    """Returns a course as its member may use it.

    Raises:
        NotFound: there is none, or the person does not belong to it.
    """
    course = Course.objects.filter(slug=slug).first()
    membership = membership_find(user=user, course=course) if course else None
    if course is None or membership is None:
        raise NotFound("There is no such course among yours. Check its address, or join it first.")
    return CourseAccess(course, membership)


def course_creation_allowed(*, user: User) -> bool:
    """Whether a person may create a course on this server."""
    return bool(settings.COURSE_CREATION == "anyone" or user.is_staff)


def course_creation_require(*, user: User) -> None:
    """Checks that a person may create a course on this server.

    Raises:
        Forbidden: only operators may.
    """
    if not course_creation_allowed(user=user):
        raise Forbidden(
            "On this server only its operators create courses. If you teach, ask one of them for "
            "a course: they make you its instructor. If you study, ask your instructor for the "
            "invite code and join with it."
        )
