import re
import threading
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from server.accounts import outgoing
from server.accounts.services import token_authenticate, token_create
from tests.server.cast import PASSWORD, Cast

NEW = "another good battery"


def all_sent() -> None:
    """Waits until the mails that were asked for so far are sent."""
    outgoing._executor.submit(int).result(30)


@pytest.fixture(autouse=True)
def _no_mail_of_another_test() -> Iterator[None]:
    all_sent()
    mail.outbox.clear()
    yield
    all_sent()


def asked(client: Client, email: str = "STUDENT@example.org", **headers: str) -> str:
    """Asks for a link and returns where the one in the mail leads."""
    response = client.post("/password/", {"email": email}, headers=headers)
    assert response.headers["Location"] == "/password/sent/"
    all_sent()
    found = re.search(r"https?://\S+/password/\S+", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def set_anew(client: Client, link: str, password: str = NEW) -> None:
    form = client.get(path_of(link), follow=True).redirect_chain[-1][0]
    done = client.post(form, {"new_password1": password, "new_password2": password})
    assert done.headers["Location"] == "/login/"


def test_a_link_by_mail_sets_a_new_password_once(cast: Cast) -> None:
    client = Client()
    link = path_of(asked(client))
    (sent,) = mail.outbox
    assert sent.to == ["student@example.org"] and "student" in sent.body
    form = client.get(link, follow=True).redirect_chain[-1][0]
    weak = client.post(form, {"new_password1": "12345678", "new_password2": "12345678"})
    assert weak.status_code == 200 and "numeric" in weak.content.decode()
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert done.headers["Location"] == "/login/"
    assert Client().login(username="student", password=NEW)
    assert "This link is not valid" in Client().get(link, follow=True).content.decode()


def test_a_new_password_ends_every_session_and_token(cast: Cast) -> None:
    elsewhere = Client()
    assert elsewhere.login(username="student", password=PASSWORD)
    token = token_create(user=cast.student, name="laptop").text
    client = Client()
    set_anew(client, asked(client))
    assert elsewhere.get("/account/").status_code == 302
    assert token_authenticate(text=token) is None


def test_it_never_tells_who_has_an_account(cast: Cast) -> None:
    unknown = Client().post("/password/", {"email": "nobody@example.org"})
    known = Client().post("/password/", {"email": "student@example.org"})
    assert known.status_code == unknown.status_code
    assert known.content == unknown.content
    # Each request has a name of its own.
    del known.headers["X-Request-ID"], unknown.headers["X-Request-ID"]
    assert known.headers.items() == unknown.headers.items()


@pytest.fixture
def slow_mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A mail server that takes its time: it accepts a mail when the event is set."""
    accepts = threading.Event()

    def send(message: EmailMessage, fail_silently: bool = False) -> int:
        assert accepts.wait(30)
        mail.outbox.append(message)
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    yield accepts
    accepts.set()
    all_sent()


def test_nobody_waits_for_the_mail_server(cast: Cast, slow_mail: threading.Event) -> None:
    response = Client().post("/password/", {"email": "student@example.org"})
    assert response.headers["Location"] == "/password/sent/"
    assert mail.outbox == []
    slow_mail.set()
    all_sent()
    assert len(mail.outbox) == 1


def test_links_can_be_asked_for_slowly_only(cast: Cast) -> None:
    answers = [
        Client().post("/password/", {"email": email}).status_code
        for email in ("student@example.org", " Student@example.org", "nobody@example.org")
        for _ in range(6)
    ]
    assert answers == [302] * 5 + [429] * 7 + [302] * 5 + [429]


@pytest.mark.parametrize("host", ["evil.example", "testserver:4444", "testserver@evil.example"])
def test_a_link_leads_to_us_whatever_host_the_request_names(
    host: str, cast: Cast, settings: Settings
) -> None:
    settings.SITE_URL = "https://spring.example.org"
    settings.ALLOWED_HOSTS = ["testserver", "spring.example.org"]
    client = Client()
    refused = client.post("/password/", {"email": "student@example.org"}, headers={"Host": host})
    if refused.status_code == 302:
        assert asked(client, Host=host).startswith("https://spring.example.org/password/")
    else:
        assert (refused.status_code, mail.outbox) == (400, [])
    forwarded = asked(client, **{"X-Forwarded-Host": host, "Forwarded": f"host={host}"})
    assert forwarded.startswith("https://spring.example.org/password/")


def test_a_server_without_mail_says_so(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    page = Client().get("/password/").content.decode()
    assert "This server sends no e-mail" in page and "<form method" not in page.split("<main")[1]
