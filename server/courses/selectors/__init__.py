"""Reads courses, who belongs to them, and what was done in them."""

from server.courses.selectors.access import (
    CourseAccess,
    course_access,
    course_creation_allowed,
    course_creation_require,
)
from server.courses.selectors.log import LOG_HEADER, LogPage, log_page, log_rows
from server.courses.selectors.members import MembersPage, member_get, members_page
from server.courses.selectors.memberships import Viewer, membership_find, memberships_of

__all__ = [
    "LOG_HEADER",
    "CourseAccess",
    "LogPage",
    "MembersPage",
    "Viewer",
    "course_access",
    "course_creation_allowed",
    "course_creation_require",
    "log_page",
    "log_rows",
    "member_get",
    "members_page",
    "membership_find",
    "memberships_of",
]
