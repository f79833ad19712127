"""Pages for what goes wrong say what to do."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from server.urls import urlpatterns as real_urlpatterns
from tests.server.cast import Cast, competition_make


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of ours")


urlpatterns: list[URLPattern | URLResolver] = [path("fail/", fail), *real_urlpatterns]


@pytest.mark.django_db
def test_an_unknown_address_leads_back() -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "Check the address" in response.content.decode()


def test_an_unknown_competition_leads_back(student: Client) -> None:
    response = student.get("/competitions/nowhere/")
    assert response.status_code == 404
    assert "join its course first" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.urls("tests.server.web.test_trouble")
def test_a_failure_of_ours_tells_no_secrets() -> None:
    response = Client(raise_request_exception=False).get("/fail/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "This is our fault" in page and "secret" not in page


def test_who_may_not_is_told_why(cast: Cast, student: Client) -> None:
    competition_make(cast.course)
    response = student.get("/competitions/halves/manage/submissions/")
    assert response.status_code == 403
    assert "Only the assistants and instructors" in response.content.decode()
