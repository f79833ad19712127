"""Creates courses, and decides who belongs to them as what."""

from server.courses.services.creating import course_create
from server.courses.services.joining import course_join, membership_create

__all__ = ["course_create", "course_join", "membership_create"]
