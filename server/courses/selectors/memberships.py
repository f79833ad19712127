"""Reads courses and who belongs to them."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from server.accounts.models import User
from server.courses.models import Course, Membership

Viewer = User | AnonymousUser


def membership_find(*, user: Viewer, course: Course) -> Membership | None:
    """Returns a person's membership of a course, or None."""
    if not isinstance(user, User):
        return None
    return Membership.objects.filter(user=user, course=course).select_related("course").first()


def memberships_of(*, user: Viewer) -> QuerySet[Membership]:
    """A person's memberships with their courses, newest first."""
    if not isinstance(user, User):
        return Membership.objects.none()
    return Membership.objects.filter(user=user).select_related("course").order_by("-id")
