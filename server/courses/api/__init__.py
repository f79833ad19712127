"""Courses through the API."""

from server.courses.api.course import CoursesView, CourseView, InviteCodeView
from server.courses.api.log import LogCsvView, LogView
from server.courses.api.members import MembersView, MemberView
from server.courses.api.mine import JoinView

__all__ = [
    "CourseView",
    "CoursesView",
    "InviteCodeView",
    "JoinView",
    "LogCsvView",
    "LogView",
    "MemberView",
    "MembersView",
]
