"""Addresses of the REST API."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from server.accounts import api as accounts
from server.api.views import DocsView, NowhereView
from server.competitions import api as competitions
from server.courses import api as courses
from server.leaderboards import api as leaderboards
from server.submissions import api as submissions

app_name = "api"

_COMPETITION = "competitions/<slug:slug>"
_v1: list[URLPattern | URLResolver] = [
    path("me", accounts.MeView.as_view(), name="me"),
    path("tokens", accounts.TokensView.as_view(), name="tokens"),
    path("tokens/<int:token_id>", accounts.TokenView.as_view(), name="token"),
    path("courses", courses.CoursesView.as_view(), name="courses"),
    path("courses/join", courses.JoinView.as_view(), name="join"),
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
    path("submissions/<slug:public_id>", submissions.SubmissionView.as_view(), name="submission"),
    path("submissions/<slug:public_id>/cancel", submissions.CancelView.as_view(), name="cancel"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(_v1)),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path("docs/", DocsView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"", NowhereView.as_view()),
]
