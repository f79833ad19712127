"""Removes members and changes what they are."""

from django.db import transaction

from server.accounts.models import User
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
        by = By.STAFF if access.membership.is_staff else By.PARTICIPANT
        _end(member, access.membership.user, by)
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
        if member.role == Role.INSTRUCTOR and role != Role.INSTRUCTOR:
            _require_another_instructor(member)
        _become(member, role, access.membership.user)
    return member


def operator_member_set(*, course: Course, user: User, role: Role, actor: User) -> Membership:
    """Makes a person what an operator says: a member of a course, or one of another role.

    Unlike the course's own staff an operator may leave it without an instructor.
    """
    with transaction.atomic():
        _lock(course)
        found = Membership.objects.filter(course=course, user=user).first()
        member = found or Membership(course=course, user=user, role="")
        _become(member, role, actor)
    return member


def operator_member_remove(*, member: Membership, actor: User) -> None:
    """Removes whatever member an operator says; their submissions and standings stay."""
    with transaction.atomic():
        _lock(member.course)
        if found := Membership.objects.filter(pk=member.pk).first():
            _end(found, actor, By.STAFF)


def _locked_member(course: Course, member_id: int) -> Membership:
    _lock(course)
    return member_get(course=course, member_id=member_id)


def _lock(course: Course) -> None:
    # Changes of one course's members pass here one at a time: of two instructors who leave at the
    # same moment one stays. Without its key, which whoever joins meanwhile has to lock.
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)


def _become(member: Membership, role: Role, actor: User) -> None:
    before = member.role
    if before == role:
        return
    member.role = role
    member.save()
    action_log(
        course=member.course,
        actor=actor,
        action=Action.MEMBER_ROLE,
        subject=member.user.username,
        before={"role": before or None},
        after={"role": role},
    )


def _end(member: Membership, actor: User, by: By) -> None:
    action_log(
        course=member.course,
        actor=actor,
        action=Action.MEMBER_REMOVE,
        by=by,
        subject=member.user.username,
        before={"role": member.role},
    )
    Membership.objects.filter(pk=member.pk).delete()


def _require_another_instructor(member: Membership) -> None:
    others = Membership.objects.filter(course=member.course, role=Role.INSTRUCTOR)
    if not others.exclude(pk=member.pk).exists():
        raise Conflict(LAST_INSTRUCTOR)
