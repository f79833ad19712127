import re

from django.core import mail
from django.test import Client

from tests.server.cast import Cast

NEW = "another good battery"


def test_a_link_by_mail_sets_a_new_password_once(cast: Cast) -> None:
    client = Client()
    response = client.post("/password/", {"email": "STUDENT@example.org"})
    assert response.headers["Location"] == "/password/sent/"
    (sent,) = mail.outbox
    assert sent.to == ["student@example.org"] and "student" in sent.body
    found = re.search(r"https?://[^/]+(/password/\S+)", str(sent.body))
    assert found is not None
    form = client.get(found[1], follow=True).redirect_chain[-1][0]
    weak = client.post(form, {"new_password1": "12345678", "new_password2": "12345678"})
    assert weak.status_code == 200 and "numeric" in weak.content.decode()
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert done.headers["Location"] == "/login/"
    assert Client().login(username="student", password=NEW)
    assert "This link is not valid" in Client().get(found[1], follow=True).content.decode()


def test_it_never_tells_who_has_an_account(cast: Cast) -> None:
    known = Client().post("/password/", {"email": "student@example.org"})
    unknown = Client().post("/password/", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert len(mail.outbox) == 1


def test_links_can_be_asked_for_slowly_only(cast: Cast) -> None:
    answers = [
        Client().post("/password/", {"email": "student@example.org"}).status_code for _ in range(11)
    ]
    assert answers == [302] * 10 + [429]
