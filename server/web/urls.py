"""Addresses of the pages."""

from django.urls import path
from django.views.generic import TemplateView

from server.web.views import (
    account,
    client,
    competition,
    home,
    join,
    leaderboard,
    operations,
    password,
    session,
    submission,
    submissions,
    wall,
)
from server.web.views import submit as submitting

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("signup/", session.sign_up, name="sign_up"),
    path("login/", session.LogIn.as_view(), name="log_in"),
    path("logout/", session.log_out, name="log_out"),
    path("password/", password.Forgotten.as_view(), name="password_forgotten"),
    path(
        "password/sent/",
        TemplateView.as_view(template_name="web/password/sent.html"),
        name="password_sent",
    ),
    path("password/<str:uidb64>/<str:token>/", password.SetAnew.as_view(), name="password_new"),
    path("account/", account.account, name="account"),
    path("account/tokens/<int:token_id>/revoke/", account.token_revoke, name="token_revoke"),
    path("client/<str:name>", client.wheel, name="client"),
    path("join/", join.join, name="join"),
    path("join/<str:code>/", join.join_by_link, name="join_by_link"),
    path("competitions/<slug:slug>/", competition.overview, name="competition"),
    path("competitions/<slug:slug>/data/", competition.data, name="data"),
    path("competitions/<slug:slug>/kit/", competition.kit, name="kit"),
    path("competitions/<slug:slug>/submit/", submitting.submit, name="submit"),
    path("competitions/<slug:slug>/submissions/", submissions.mine, name="submissions"),
    path("competitions/<slug:slug>/leaderboard/", leaderboard.leaderboard, name="leaderboard"),
    path(
        "competitions/<slug:slug>/teams/<int:team_id>/baseline/",
        leaderboard.baseline,
        name="baseline",
    ),
    path("operations/", operations.operations, name="operations"),
    path("c/<slug:slug>", wall.short, name="short"),
    path("c/<slug:slug>/wall", wall.wall, name="wall"),
    path("submissions/<slug:public_id>/", submission.submission, name="submission"),
    path("submissions/<slug:public_id>/status/", submission.status, name="submission_status"),
    path("submissions/<slug:public_id>/cancel/", submission.cancel, name="cancel"),
]
