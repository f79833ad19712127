"""No password, token, code or link is in a log, a mailed report, a message or the database.

A real server logs as much as it can while everything that has to do with secrets is done with it:
rightly, wrongly, and with failures of ours in the middle.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command

from server.celery import app
from server.competitions.models import Competition
from server.logs.text import secrets_hidden
from tests.server.cast import PASSWORD, Cast
from tests.server.hardening.faults import BROKEN
from tests.server.processes import free_port, process, wait_for

CODE = "bcdf-ghjk-mnpq"
NEW = "another-good-battery"
WRONG = "wrong-horse-battery"
FAILING = f"{BROKEN}-horse-battery"


class Person:
    """A browser that fills in forms, and keeps the secrets that it learns."""

    def __init__(self, server: str) -> None:
        self.http = httpx.Client(base_url=server, timeout=30, headers={"Referer": f"{server}/"})
        self.secrets: list[str] = []

    def fill_in(self, path: str, **fields: str) -> httpx.Response:
        page = self.http.get(path, follow_redirects=True)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        token = found[1] if found else ""
        self.secrets += [token] if token else []
        return self.http.post(str(page.url), data={"csrfmiddlewaretoken": token, **fields})

    def leave(self) -> None:
        self.secrets += [value for value in self.http.cookies.values() if len(value) > 20]
        self.http.cookies.clear()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "server.log"


@pytest.fixture
def server(transactional_db: None, log: Path) -> Iterator[str]:
    port = free_port()
    arguments = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
    with process(
        arguments,
        log=log,
        DJANGO_SETTINGS_MODULE="tests.server.hardening.log_settings",
        BIND=f"127.0.0.1:{port}",
        LOG_LEVEL="DEBUG",
        ACCESS_LOG="1",
    ):
        wait_for(lambda: "Booting worker" in log.read_text(), seconds=30, log=log)
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def competition(transactional_db: None, cast: Cast, competition: Competition) -> Competition:
    cast.course.invite_code = CODE
    cast.course.save()
    return competition


def test_secrets_stay_secret(server: str, log: Path, cast: Cast, competition: Competition) -> None:
    person = Person(server)
    people_do(person)
    programs_do(person)
    forgetful_do(person)
    strangers_do(person)
    person.leave()
    wait_for(lambda: "/the/end" in log.read_text(), seconds=20, log=log)
    secrets = {PASSWORD, NEW, WRONG, FAILING, CODE, *person.secrets}
    logged = log.read_text()
    # It does log much: requests, answers, failures with where they happened.
    for expected in (
        '"POST /login/ HTTP/1.1" 500', "RuntimeError: the accounts", "POST /api/v1/tokens failed",
        "RuntimeError: the list", "/join/[hidden]/", "/[hidden]/ HTTP/1.1", "Forbidden (CSRF",
        "Invalid HTTP_HOST", "POST /signup/",
    ):  # fmt: skip
        assert expected in logged, expected
    assert not leaked(secrets, logged)
    assert not any("operator@" in path.read_text() for path in mails())
    rung = messages()
    assert "evaluate_next" in rung
    assert not leaked(secrets, rung)
    # The course's staff look the code up: it alone is kept as it is.
    assert not leaked(secrets - {CODE}, database())


def messages() -> str:
    """All that waits at the broker, which loses it."""
    found = []
    with app.connection_for_read() as broker:
        while message := broker.default_channel.basic_get("cpu", no_ack=True):
            found.append(f"{message.headers} {message.properties} {message.body}")
    return "\n".join(found)


def people_do(person: Person) -> None:
    """Sign up, log in and out, join a course."""
    account = {"username": "ada", "email": "ada@example.org"}
    assert person.fill_in("/signup/", **account, password="13572468").status_code == 422
    assert person.fill_in("/signup/", **account, password=FAILING).status_code == 500
    assert person.fill_in(f"/signup/?next=/join/{CODE}/", **account, password=PASSWORD).is_redirect
    assert person.fill_in(f"/join/{CODE}/").is_redirect
    assert person.fill_in("/join/", invite_code=CODE).is_redirect
    assert person.fill_in("/join/", invite_code=WRONG).status_code == 422
    assert person.http.get(f"/join/{CODE}").is_redirect
    person.fill_in("/logout/")
    person.leave()
    assert person.fill_in("/login/", username="ada", password=WRONG).status_code == 200
    # Somebody types the password where the name belongs.
    assert person.fill_in("/login/", username=PASSWORD, password="x").status_code == 200
    assert person.fill_in("/login/", username=BROKEN, password=PASSWORD).status_code == 500
    assert person.http.post("/login/", data={"username": "ada", "password": PASSWORD}).is_error
    assert person.fill_in(
        f"/login/?next=%2Fjoin%2F{CODE}%2F", username="ada", password=PASSWORD
    ).is_redirect


def programs_do(person: Person) -> None:
    """Get tokens and use them; submit."""
    person.leave()
    sent = {"username": "ada", "password": PASSWORD, "name": "laptop"}
    given = person.http.post("/api/v1/tokens", json=sent).json()["token"]
    other = person.http.post("/api/v1/tokens", data=sent).json()["token"]
    person.secrets += [given, other]
    for wrong in (sent | {"password": WRONG}, sent | {"name": ""}):
        assert person.http.post("/api/v1/tokens", json=wrong).is_client_error
    for ours in ({"json": sent | {"username": BROKEN}}, {"data": sent | {"username": BROKEN}}):
        assert person.http.post("/api/v1/tokens", **ours).status_code == 500  # type: ignore[arg-type]
    bearer = {"Authorization": f"Bearer {given}"}
    assert person.http.get("/api/v1/me", headers=bearer).is_success
    assert person.http.get(f"/api/v1/me?token={other}", headers=bearer).is_success
    assert person.http.get(f"/api/v1/{other}", headers=bearer).status_code == 404
    assert person.http.get("/api/v1/me", headers={"Authorization": f"Bearer {given}x"}).is_error
    joined = person.http.post("/api/v1/courses/join", json={"invite_code": CODE}, headers=bearer)
    assert joined.is_success
    submitted = person.http.post(
        "/api/v1/competitions/halves/submissions",
        files={"file": ("model.py", b"class Model: ...")},
        headers=bearer,
    )
    assert submitted.status_code == 202
    assert person.fill_in("/login/", username="ada", password=PASSWORD).is_redirect
    page = person.fill_in("/account/", name="phone")
    shown = re.search(r'value="(sb_[^"]+)"', page.text)
    assert shown is not None
    person.secrets.append(shown[1])


def forgetful_do(person: Person) -> None:
    """Ask for a link and set a new password."""
    person.leave()
    assert person.fill_in("/password/", email="ada@example.org").is_redirect
    until = time.monotonic() + 20
    while not (found := [text for path in mails() if "/password/" in (text := path.read_text())]):
        assert time.monotonic() < until, "no mail was sent"
        time.sleep(0.05)
    link = re.search(r"(/password/[^/\s]+/)([^/\s]+)/", found[0])
    assert link is not None
    person.secrets.append(link[2])
    assert person.http.get(f"/password/MQ/{link[2]}/").is_success
    form = link[0]
    assert person.fill_in(form, new_password1="x", new_password2="x").is_success
    assert person.fill_in(form, new_password1=FAILING, new_password2=FAILING).status_code == 500
    assert person.fill_in(form, new_password1=NEW, new_password2=NEW).is_redirect
    assert person.http.get(form).is_success


def strangers_do(person: Person) -> None:
    """Ask for what is not there, from where they should not."""
    person.leave()
    assert person.http.get(f"/join/{CODE}/nothing/").status_code == 404
    assert person.http.get(f"/join/{CODE}/", headers={"Host": "evil.example"}).status_code == 400
    assert person.http.get(f"/nothing/?code=/join/{CODE}/").status_code == 404
    assert person.http.post(f"/join/{CODE}/").status_code == 403
    assert person.http.get("/the/end").status_code == 404


def mails() -> list[Path]:
    folder = Path(settings.VAR_DIR) / "mails"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def database() -> str:
    """Everything in it, as text."""
    path = Path(settings.VAR_DIR) / "dump.json"
    call_command("dumpdata", output=str(path), verbosity=0)
    # Its sessions and the tokens of forms are known by these names; that is their purpose.
    return re.sub(r'"session_key": "[^"]+"|"pk": "[^"]+"', "", path.read_text())


def leaked(secrets: set[str], text: str) -> list[str]:
    """Those of the secrets that the text tells, with what stands around them."""
    return [text[max(0, at - 80) : at + 80] for each in secrets if (at := text.find(each)) >= 0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GET /password/MQ/c7f-abc/ HTTP", "GET /password/MQ/[hidden]/ HTTP"),
        ("GET /password/sent/ HTTP", "GET /password/sent/ HTTP"),
        ("/login/?next=%2Fjoin%2Fabcd-efgh%2F x", "/login/?next=%2Fjoin%2F[hidden]%2F x"),
        ("next=%252Fjoin%252Fabcd%252F", "next=%252Fjoin%252F[hidden]%252F"),
        ("'/join/abcd-efgh/'", "'/join/[hidden]/'"),
        ("POST /api/v1/courses/join failed", "POST /api/v1/courses/join failed"),
        ("Bearer sb_abcdefghijklmnop-_x.", "Bearer sb_[hidden]."),
        ("/admin/accounts/user/7/password/", "/admin/accounts/user/7/password/"),
    ],
)
def test_what_addresses_carry_is_hidden(text: str, told: str) -> None:
    assert secrets_hidden(text) == told
