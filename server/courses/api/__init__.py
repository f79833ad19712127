"""Courses through the API."""

from server.courses.api.mine import CoursesView, JoinView

__all__ = ["CoursesView", "JoinView"]
