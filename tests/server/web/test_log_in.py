import pytest
from django.test import Client

from tests.server.cast import PASSWORD, Cast


def log_in(client: Client, password: str, **more: str) -> int:
    form = {"username": "student", "password": password} | more
    return client.post("/login/", form).status_code


def test_it_logs_in_and_leads_on(cast: Cast) -> None:
    form = {"username": "student", "password": PASSWORD, "next": "/account/"}
    response = Client().post("/login/", form)
    assert response.headers["Location"] == "/account/"


def test_it_leads_to_no_other_server(cast: Cast) -> None:
    form = {"username": "student", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/login/", form).headers["Location"] == "/"


def test_it_does_not_say_whether_the_name_or_the_password_is_wrong(cast: Cast) -> None:
    wrong = Client().post("/login/", {"username": "student", "password": "x"})
    unknown = Client().post("/login/", {"username": "nobody", "password": "x"})
    for response in (wrong, unknown):
        assert "don&#x27;t belong together" in response.content.decode()


@pytest.mark.parametrize(
    "other_spelling",
    [
        "STUDENT ",
        "\N{FULLWIDTH LATIN SMALL LETTER S}tudent",
        "\N{CIRCLED LATIN SMALL LETTER S}tudent",
    ],
)
def test_passwords_of_an_account_can_be_tried_slowly_only(cast: Cast, other_spelling: str) -> None:
    client = Client()
    statuses = [log_in(client, "wrong") for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    refused = client.post("/login/", {"username": other_spelling, "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 60
    assert "Too many tries" in refused.content.decode()


def test_tries_through_the_api_count_too(cast: Cast) -> None:
    client = Client()
    for _ in range(10):
        tried = {"username": "student", "password": "x", "name": "x"}
        client.post("/api/v1/tokens", tried, content_type="application/json")
    assert log_in(client, PASSWORD) == 429


def test_it_logs_out(student: Client) -> None:
    assert student.post("/logout/").headers["Location"] == "/"
    assert student.get("/account/").status_code == 302
