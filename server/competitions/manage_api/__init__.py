"""What a course's staff do with competitions, through the API."""

from server.competitions.manage_api.announcements import AnnouncementsView, AnnouncementView
from server.competitions.manage_api.board import RevealView, UnrevealView
from server.competitions.manage_api.extensions import ExtensionsView, ExtensionView
from server.competitions.manage_api.settings import CourseCompetitionsView, SettingsView, TasksView

__all__ = [
    "AnnouncementView",
    "AnnouncementsView",
    "CourseCompetitionsView",
    "ExtensionView",
    "ExtensionsView",
    "RevealView",
    "SettingsView",
    "TasksView",
    "UnrevealView",
]
