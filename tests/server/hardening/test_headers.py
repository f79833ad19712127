"""What every answer forbids a browser to do, whoever answers."""

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from server.accounts.models import User
from server.competitions.models import Competition
from server.urls import urlpatterns as real_urlpatterns
from tests.server.cast import PASSWORD, Cast
from tests.server.judging import judged, report_scored

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns: list[URLPattern | URLResolver] = [path("fail/", fail), *real_urlpatterns]


@pytest.fixture
def browser(cast: Cast, competition: Competition) -> Client:
    """A browser of an operator who is also the course's instructor."""
    User.objects.filter(pk=cast.instructor.pk).update(is_staff=True, is_superuser=True)
    browser = Client(raise_request_exception=False)
    browser.login(username="instructor", password=PASSWORD)
    return browser


def assert_guarded(response: HttpResponseBase, of: str) -> None:
    for name, value in EXPECTED.items():
        assert response.headers.get(name) == value, (of, name)
    policy = response.headers["Content-Security-Policy"]
    directives = {part.partition(" ")[0]: part.partition(" ")[2] for part in policy.split("; ")}
    if "sandbox" not in directives:
        # A page; a download runs nothing at all.
        assert directives["frame-ancestors"] == directives["object-src"] == "'none'", of
    assert directives["default-src"] in {"'self'", "'none'"}, of
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy, of
    assert "camera=()" in response.headers["Permissions-Policy"], of


PATHS = (
    "/", "/login/", "/signup/", "/password/", "/account/", "/join/", "/manage/spring/",
    "/competitions/halves/", "/competitions/halves/leaderboard/", "/c/halves/wall", "/c/halves",
    "/admin/", "/admin/accounts/user/", "/admin/login/", "/admin/jsi18n/", "/admin/nothing/",
    "/api/docs/", "/api/schema/", "/api/v1/me", "/api/v1/nothing", "/api/v1/competitions/halves",
    "/api/v1/competitions/halves/standings.csv", "/nothing/", "/fail/",
    "/healthz", "/readyz", "/metrics", "/operations/", "/static/web/site.css",
    "/static/admin/css/base.css", "/static/web/theme.js", "/static/nothing.css", "/login",
)  # fmt: skip


@pytest.mark.urls("tests.server.hardening.test_headers")
@pytest.mark.parametrize("address", PATHS)
def test_every_answer_brings_the_policies(address: str, browser: Client) -> None:
    assert_guarded(browser.get(address), address)
    assert_guarded(Client(raise_request_exception=False).get(address), address)


def test_refusals_bring_them_too(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    too_old = client.post("/login/", {})
    assert too_old.status_code == 403
    assert_guarded(too_old, "a form that is too old")
    unknown_host = client.get("/", headers={"Host": "evil.example"})
    assert unknown_host.status_code == 400
    assert_guarded(unknown_host, "a host that is not ours")
    wrong_method = client.delete("/signup/")
    assert_guarded(wrong_method, "a method that is not allowed")


@pytest.mark.parametrize("address", [each for each in PATHS if not each.startswith("/static/")])
def test_no_cache_keeps_what_may_be_somebodys(address: str, browser: Client) -> None:
    kept = browser.get(address).headers["Cache-Control"]
    assert "no-store" in kept and "public" not in kept


def test_files_of_ours_may_be_kept(browser: Client) -> None:
    answer = browser.get("/static/web/site.css")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["Cache-Control"]


def test_uploads_and_downloads_are_attachments_of_a_safe_type(
    browser: Client, cast: Cast, competition: Competition, prepared_files: None
) -> None:
    submission = judged(cast.student, competition, report_scored(0.5)).submission
    for address in (
        f"/api/v1/submissions/{submission.public_id}/upload",
        "/api/v1/competitions/halves/kit",
        "/api/v1/competitions/halves/data",
        "/api/v1/competitions/halves/submissions.csv",
        "/api/v1/competitions/halves/standings.csv",
    ):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Disposition"].startswith("attachment"), address
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in {"application/octet-stream", "application/zip", "text/csv"}, address
        assert_guarded(answer, address)
