"""Classes, who belongs to them, and what was done in them."""

from server.courses.models.course import Course
from server.courses.models.logged_action import Action, By, LoggedAction
from server.courses.models.membership import STAFF_ROLES, Membership, Role

__all__ = ["STAFF_ROLES", "Action", "By", "Course", "LoggedAction", "Membership", "Role"]
