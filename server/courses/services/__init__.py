"""Creates courses, decides who belongs to them as what, and notes what is done."""

from server.courses.services.creating import course_add, course_create, course_found
from server.courses.services.editing import course_cpu_fallback_set, course_edit
from server.courses.services.invite_code import invite_code_change
from server.courses.services.joining import course_join, membership_create
from server.courses.services.logging import action_log
from server.courses.services.members import (
    member_remove,
    member_role_change,
    operator_member_remove,
    operator_member_set,
)

__all__ = [
    "action_log",
    "course_add",
    "course_cpu_fallback_set",
    "course_create",
    "course_edit",
    "course_found",
    "course_join",
    "invite_code_change",
    "member_remove",
    "member_role_change",
    "membership_create",
    "operator_member_remove",
    "operator_member_set",
]
