"""Every refusal is problem details, whoever refuses."""

import logging
from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from server.accounts.models import User
from server.competitions.models import Competition
from tests.server.cast import Cast, client_of


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("get", "/api/v1/nothing", "", "application/json", 404),
        ("post", "/api/nothing", "", "application/json", 404),
        ("get", "/api/v1/submissions/a%00b", "", "application/json", 404),
        ("get", "/api/v1/tokens/99999999999999999999999", "", "application/json", 405),
        ("delete", "/api/v1/tokens/99999999999999999999999", "", "application/json", 404),
        ("put", "/api/v1/me", "", "application/json", 405),
        ("post", "/api/v1/tokens", "{", "application/json", 400),
        ("post", "/api/v1/tokens", "[1]", "application/json", 400),
        ("post", "/api/v1/tokens", '"x"', "application/json", 400),
        ("post", "/api/v1/tokens", "{}", "text/xml", 415),
        ("post", "/api/v1/tokens", '{"username": "\\u0000", "password": "x", "name": "x"}',
         "application/json", 400),
        ("post", "/api/v1/courses/join", '{"invite_code": {"a": 1}}', "application/json", 400),
        ("get", "/api/v1/me?format=xml", "", "application/json", 404),
    ],
)  # fmt: skip
def test_it_is_problem_details(
    method: str, path: str, body: str, kind: str, status: int, cast: Cast
) -> None:
    client = client_of(cast.student)
    response = client.generic(method.upper(), path, body, content_type=kind)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"]


def test_a_fault_of_ours_is_logged_and_not_shown(
    cast: Cast,
    competition: Competition,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*args: object, **kwargs: object) -> Iterator[object]:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("server.competitions.api.competitions_visible", broken)
    with caplog.at_level(logging.ERROR):
        response = client_of(cast.student).get("/api/v1/competitions")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.content
    assert "a secret detail" in caplog.text


def test_whoever_asks_too_often_is_told_when(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.api.throttles.UserThrottle.rate", "3/min", raising=False)
    client = client_of(cast.student)
    statuses = [client.get("/api/v1/me").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = client.get("/api/v1/me")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused.json()["retry_at"]


def test_a_page_may_load_only_our_own_files(db: None) -> None:
    policy = APIClient().get("/admin/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_closed_account_is_nobody(cast: Cast) -> None:
    client = client_of(cast.student)
    User.objects.filter(pk=cast.student.pk).update(is_active=False)
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("accept", ["text/html", "application/zip", "nonsense", "*/*"])
def test_it_answers_whatever_form_is_preferred(
    accept: str, cast: Cast, competition: Competition
) -> None:
    client = client_of(cast.student)
    shown = client.get("/api/v1/competitions", HTTP_ACCEPT=accept)
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/json")
    refused = client.get("/api/v1/competitions/nowhere/kit", HTTP_ACCEPT=accept)
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
