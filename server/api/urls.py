"""Addresses of the REST API."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from server.accounts import api as accounts
from server.api.views import DocsView, NowhereView
from server.competitions import api as competitions
from server.competitions import manage_api as managing
from server.courses import api as courses
from server.leaderboards import api as leaderboards
from server.leaderboards import export_api as standings
from server.operations import api as operations
from server.submissions import api as submissions

app_name = "api"

_COURSE = "courses/<slug:slug>"
_COMPETITION = "competitions/<slug:slug>"
_v1: list[URLPattern | URLResolver] = [
    path("operations", operations.OperationsView.as_view(), name="operations"),
    path("me", accounts.MeView.as_view(), name="me"),
    path("tokens", accounts.TokensView.as_view(), name="tokens"),
    path("tokens/<int:token_id>", accounts.TokenView.as_view(), name="token"),
    path("courses", courses.CoursesView.as_view(), name="courses"),
    path("courses/join", courses.JoinView.as_view(), name="join"),
    path(_COURSE, courses.CourseView.as_view(), name="course"),
    path(f"{_COURSE}/invite-code", courses.InviteCodeView.as_view(), name="invite_code"),
    path(f"{_COURSE}/members", courses.MembersView.as_view(), name="members"),
    path(f"{_COURSE}/members/<int:member_id>", courses.MemberView.as_view(), name="member"),
    path(f"{_COURSE}/log", courses.LogView.as_view(), name="course_log"),
    path(f"{_COURSE}/log.csv", courses.LogCsvView.as_view(), name="course_log_csv"),
    path(f"{_COURSE}/tasks", managing.TasksView.as_view(), name="tasks"),
    path(
        f"{_COURSE}/competitions",
        managing.CourseCompetitionsView.as_view(),
        name="course_competitions",
    ),
    path("competitions", competitions.CompetitionsView.as_view(), name="competitions"),
    path(_COMPETITION, submissions.CompetitionView.as_view(), name="competition"),
    path(f"{_COMPETITION}/kit", competitions.KitView.as_view(), name="kit"),
    path(f"{_COMPETITION}/data", competitions.DataView.as_view(), name="data"),
    path(
        f"{_COMPETITION}/submissions",
        submissions.TeamSubmissionsView.as_view(),
        name="team_submissions",
    ),
    path(f"{_COMPETITION}/leaderboard", leaderboards.LeaderboardView.as_view(), name="leaderboard"),
    path(
        f"{_COMPETITION}/standings.csv", standings.StandingsCsvView.as_view(), name="standings_csv"
    ),
    path(f"{_COMPETITION}/settings", managing.SettingsView.as_view(), name="settings"),
    path(f"{_COMPETITION}/reveal", managing.RevealView.as_view(), name="reveal"),
    path(f"{_COMPETITION}/unreveal", managing.UnrevealView.as_view(), name="unreveal"),
    path(f"{_COMPETITION}/extensions", managing.ExtensionsView.as_view(), name="extensions"),
    path(
        f"{_COMPETITION}/extensions/<int:extension_id>",
        managing.ExtensionView.as_view(),
        name="extension",
    ),
    path(
        f"{_COMPETITION}/announcements", managing.AnnouncementsView.as_view(), name="announcements"
    ),
    path(
        f"{_COMPETITION}/announcements/<int:announcement_id>",
        managing.AnnouncementView.as_view(),
        name="announcement",
    ),
    path(
        f"{_COMPETITION}/all-submissions",
        submissions.AllSubmissionsView.as_view(),
        name="all_submissions",
    ),
    path(f"{_COMPETITION}/judge-again", submissions.AllAgainView.as_view(), name="all_again"),
    path(
        f"{_COMPETITION}/submissions.csv",
        submissions.SubmissionsCsvView.as_view(),
        name="submissions_csv",
    ),
    path("submissions/<slug:public_id>/upload", submissions.UploadView.as_view(), name="upload"),
    path("submissions/<slug:public_id>", submissions.SubmissionView.as_view(), name="submission"),
    path("submissions/<slug:public_id>/cancel", submissions.CancelView.as_view(), name="cancel"),
    path("submissions/<slug:public_id>/judge-again", submissions.AgainView.as_view(), name="again"),
    path(
        "submissions/<slug:public_id>/diagnostics",
        submissions.DiagnosticsView.as_view(),
        name="diagnostics",
    ),
    path(
        "submissions/<slug:public_id>/diagnostics/<slug:name>.png",
        submissions.DiagnosticPictureView.as_view(),
        name="diagnostic_picture",
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(_v1)),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path("docs/", DocsView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"", NowhereView.as_view()),
]
