"""Removes members and changes what they are."""

from django.db import transaction

from server.courses.models import Action, By, Course, Membership, Role
from server.courses.selectors import CourseAccess, member_get
from server.courses.services.logging import action_log
from server.refusals import Conflict

LAST_INSTRUCTOR = "This is the course’s last instructor. Make somebody else an instructor first."


def member_remove(*, access: CourseAccess, member_id: int) -> Membership:
    """Removes a member from a course; their submissions and standings stay.

    Staff remove participants, instructors remove anybody, and everybody may remove themselves.

    Args:
        access: of the person who asks for it.
        member_id: whose membership ends.

    Raises:
        NotFound: the course has no such member.
        Forbidden: the person may not do this.
        Conflict: it is the last instructor.
    """
    is_own = member_id == access.membership.pk
    if not is_own:
        # First of all: who is a member is the staff's to know.
        access.require_staff()
    with transaction.atomic():
        member = _locked_member(access.course, member_id)
        if member.is_staff and not is_own:
            access.require_instructor()
        if member.role == Role.INSTRUCTOR:
            _require_another_instructor(member)
        action_log(
            course=access.course,
            actor=access.membership.user,
            action=Action.MEMBER_REMOVE,
            by=By.STAFF if access.membership.is_staff else By.PARTICIPANT,
            subject=member.user.username,
            before={"role": member.role},
        )
        Membership.objects.filter(pk=member.pk).delete()
    return member


def member_role_change(*, access: CourseAccess, member_id: int, role: Role) -> Membership:
    """Changes what a member is in a course.

    Args:
        access: of the person who asks for it.
        member_id: whose role changes.
        role: what the member is from now on.

    Raises:
        Forbidden: the person is no instructor.
        NotFound: the course has no such member.
        Conflict: it is the last instructor.
    """
    access.require_instructor()
    with transaction.atomic():
        member = _locked_member(access.course, member_id)
        before = member.role
        if before == role:
            return member
        if before == Role.INSTRUCTOR:
            _require_another_instructor(member)
        member.role = role
        member.save(update_fields=["role"])
        action_log(
            course=access.course,
            actor=access.membership.user,
            action=Action.MEMBER_ROLE,
            subject=member.user.username,
            before={"role": before},
            after={"role": role},
        )
    return member


def _locked_member(course: Course, member_id: int) -> Membership:
    # Changes of one course's members pass here one at a time: of two instructors who leave at the
    # same moment one stays.
    Course.objects.select_for_update().get(pk=course.pk)
    return member_get(course=course, member_id=member_id)


def _require_another_instructor(member: Membership) -> None:
    others = Membership.objects.filter(course=member.course, role=Role.INSTRUCTOR)
    if not others.exclude(pk=member.pk).exists():
        raise Conflict(LAST_INSTRUCTOR)
