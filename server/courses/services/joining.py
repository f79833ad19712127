"""Lets people join a course."""

from server.accounts.models import User
from server.courses.models import Course, Membership, Role
from server.refusals import Unprocessable


def membership_create(*, course: Course, user: User, role: Role) -> Membership:
    """Makes a person a member; one who is a member already stays what they are."""
    return Membership.objects.get_or_create(course=course, user=user, defaults={"role": role})[0]


def course_join(*, user: User, invite_code: str) -> Membership:
    """Makes a person a participant of the course that has an invite code.

    Raises:
        Unprocessable: no course that can be joined has it.
    """
    code = invite_code.strip().lower()
    course = None
    if code.isprintable():
        course = Course.objects.filter(invite_code=code, is_active=True).first()
    if course is None:
        raise Unprocessable("No course has this invite code. Ask your instructor for it again.")
    return membership_create(course=course, user=user, role=Role.PARTICIPANT)
