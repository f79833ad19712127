"""Classes, who belongs to them, and what their staff did."""

from server.courses.models.course import Course
from server.courses.models.logged_action import Action, LoggedAction
from server.courses.models.membership import STAFF_ROLES, Membership, Role

__all__ = ["STAFF_ROLES", "Action", "Course", "LoggedAction", "Membership", "Role"]
