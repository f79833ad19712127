"""Addresses of the pages on which a course is run."""

from django.urls import path

from server.web.views.manage import (
    announcements,
    board,
    competition,
    course,
    deadlines,
    failures,
    members,
    submissions,
)

_COURSE = "manage/<slug:course>"
_COMPETITION = "competitions/<slug:slug>/manage"

app_name = "manage"
urlpatterns = [
    path("create-course/", course.create, name="create_course"),
    path(f"{_COURSE}/", course.overview, name="course"),
    path(f"{_COURSE}/invite-code/", course.invite_code, name="invite_code"),
    path(f"{_COURSE}/settings/", course.settings, name="course_settings"),
    path(f"{_COURSE}/log/", course.log, name="log"),
    path(f"{_COURSE}/members/", members.members, name="members"),
    path(f"{_COURSE}/members/<int:member_id>/remove/", members.remove, name="remove"),
    path(f"{_COURSE}/members/<int:member_id>/role/", members.role, name="role"),
    path(f"{_COURSE}/open/", competition.open_new, name="open"),
    path(f"{_COMPETITION}/", competition.manage, name="competition"),
    path(f"{_COMPETITION}/edit/", competition.edit, name="edit"),
    path(f"{_COMPETITION}/deadline/", deadlines.for_all, name="deadline"),
    path(f"{_COMPETITION}/extensions/", deadlines.for_team, name="extensions"),
    path(
        f"{_COMPETITION}/extensions/<int:extension_id>/withdraw/",
        deadlines.withdraw,
        name="withdraw",
    ),
    path(f"{_COMPETITION}/reveal/", board.reveal, name="reveal"),
    path(f"{_COMPETITION}/announce/", announcements.post, name="announce"),
    path(
        f"{_COMPETITION}/announcements/<int:announcement_id>/edit/",
        announcements.edit,
        name="announcement_edit",
    ),
    path(
        f"{_COMPETITION}/announcements/<int:announcement_id>/delete/",
        announcements.delete,
        name="announcement_delete",
    ),
    path(f"{_COMPETITION}/judge-again/", failures.all_again, name="all_again"),
    path("submissions/<slug:public_id>/judge-again/", failures.again, name="again"),
    path(f"{_COMPETITION}/submissions/", submissions.submissions, name="submissions"),
]
