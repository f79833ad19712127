"""Sessions begin anew at a log-in, and end at a log-out and with a new password."""

from io import StringIO
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.test.client import MULTIPART_CONTENT, RequestFactory
from pytest_django import Settings

from server.accounts.models import User
from server.accounts.services import token_authenticate, token_create
from server.web.views.session import next_address
from tests.server.cast import PASSWORD, Cast

FORM = {"username": "student", "password": PASSWORD}
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example/", "http:evil.example",
    "\\\\evil.example", "/\\evil.example", "javascript:alert(1)", "https:/evil.example",
    " https://evil.example/", "\thttps://evil.example", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "data:text/html,x", "/\t/evil.example", "https://",
)  # fmt: skip


def test_a_log_in_gives_a_session_of_its_own(cast: Cast) -> None:
    client = Client()
    # A session that an attacker knew before.
    client.get("/password/x/y/")
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(planted)
    client.post("/login/", FORM)
    now = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    assert now != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_log_out_leaves_nothing_behind(cast: Cast) -> None:
    client = Client()
    client.post("/login/", FORM)
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    client.post("/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/account/").status_code == 302


def test_another_site_can_not_log_anyone_out_or_in(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", FORM).status_code == 403
    client.force_login(cast.student)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(cast: Cast) -> None:
    clients = [Client(), Client()]
    for client in clients:
        client.post("/login/", FORM)
        assert client.get("/account/").status_code == 200
    cast.student.set_password("another good battery")
    cast.student.save()
    assert [client.get("/account/").status_code for client in clients] == [302, 302]


def test_an_operator_who_sets_a_password_closes_all_that_was_open(cast: Cast) -> None:
    client = Client()
    client.post("/login/", FORM)
    token = token_create(user=cast.student, name="laptop").text
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator", "o@example.org", PASSWORD))
    page = f"/admin/accounts/user/{cast.student.pk}/password/"
    new = {"password1": "another good battery", "password2": "another good battery"}
    assert operator.post(page, new | {"usable_password": "true"}).status_code == 302
    assert client.get("/account/").status_code == 302
    assert token_authenticate(text=token) is None
    assert Client().login(username="student", password=new["password1"])
    assert operator.get("/admin/").status_code == 200


@pytest.mark.parametrize("way", ["page", "command"])
def test_operators_who_set_their_own_password_close_all_that_was_open(db: None, way: str) -> None:
    operator = User.objects.create_superuser("operator", "o@example.org", PASSWORD)
    text = token_create(user=operator, name="laptop").text
    new = "another good battery"
    client = Client()
    assert client.login(username="operator", password=PASSWORD)
    assert token_authenticate(text=text) == operator
    if way == "page":
        typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/admin/password_change/", typed).status_code == 302
    else:
        with patch("getpass.getpass", return_value=new):
            call_command("changepassword", "operator", stdout=StringIO())
    assert Client().login(username="operator", password=new)
    assert token_authenticate(text=text) is None


def test_a_hash_that_is_made_anew_is_no_new_password(cast: Cast, settings: Settings) -> None:
    text = token_create(user=cast.student, name="laptop").text
    before = cast.student.password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert Client().post("/login/", FORM).status_code == 302
    cast.student.refresh_from_db()
    assert cast.student.password != before
    assert token_authenticate(text=text) == cast.student


def test_a_closed_account_has_no_session(cast: Cast) -> None:
    client = Client()
    client.post("/login/", FORM)
    cast.student.is_active = False
    cast.student.save()
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("path", ["/login/", "/api/v1/tokens"])
def test_whether_there_is_an_account_shows_in_no_work_that_is_done(
    path: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is hashed once, whether there is an account, a closed one or none."""
    cast.classmate.is_active = False
    cast.classmate.save()
    hashed: list[str] = []
    hash_once = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return hash_once(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    statuses = set()
    for name, password in (("student", "x"), ("classmate", PASSWORD), ("nobody", "x")):
        hashed.clear()
        sent = {"username": name, "password": password, "name": "laptop"}
        kind = "application/json" if path.startswith("/api/") else MULTIPART_CONTENT
        statuses.add(Client().post(path, sent, content_type=kind).status_code)
        assert hashed == [password], name
    assert len(statuses) == 1


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(cast: Cast) -> None:
    client = Client()
    client.get("/login/")
    client.post("/login/", FORM)
    assert {"sessionid", "csrftoken", "device"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert not cookie["domain"], cookie.key
        assert 0 < int(cookie["max-age"]) <= 366 * 24 * 3600, cookie.key


@pytest.mark.parametrize(
    "path", ["//evil.example/login", "//evil.example//", "/\\\\evil.example/x"]
)
def test_no_address_is_completed_to_one_elsewhere(path: str, cast: Cast) -> None:
    location = Client().get(path).headers.get("Location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_and_no_link_leads_elsewhere(target: str, cast: Cast) -> None:
    for client in (Client(), Client()):
        answer = client.post("/login/", FORM | {"next": target})
        assert answer.headers["Location"] == "/"
        # Who is logged in already is led on by the address alone.
        for path in ("/login/", "/signup/"):
            again = client.get(f"{path}?next={quote(target)}")
            assert again.headers["Location"] == "/"


def test_a_page_of_ours_may_be_named(cast: Cast) -> None:
    answer = Client().post("/login/", FORM | {"next": "/competitions/halves/?a=b"})
    assert answer.headers["Location"] == "/competitions/halves/?a=b"


def test_a_secure_page_leads_to_no_insecure_one() -> None:
    request: HttpRequest = RequestFactory().get(
        "/signup/", {"next": "http://testserver/"}, secure=True
    )
    assert next_address(request) == "/"
