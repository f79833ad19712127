import pytest
from django.test import Client

from server.accounts.models import User
from tests.server.cast import PASSWORD, Cast

FORM = {
    "username": "ada",
    "display_name": "Ada L.",
    "email": "ada@example.org",
    "password": PASSWORD,
}


@pytest.mark.django_db
def test_it_makes_an_account_and_logs_in() -> None:
    client = Client()
    response = client.post("/signup/", FORM)
    assert response.headers["Location"] == "/"
    assert "Ada L." in client.get("/").content.decode()
    assert User.objects.get(username="ada").check_password(PASSWORD)


@pytest.mark.django_db
def test_it_leads_on_to_where_one_wanted_to_go() -> None:
    response = Client().post("/signup/", FORM | {"next": "/join/abcd-efgh-jkmn/"})
    assert response.headers["Location"] == "/join/abcd-efgh-jkmn/"


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_it_leads_nowhere_else(target: str) -> None:
    response = Client().post("/signup/", FORM | {"next": target})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"username": "STUDENT"}, "This user name is taken."),
        ({"email": "Student@example.org"}, "There is already an account with this email address."),
        ({"password": "12345678"}, "too common"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"display_name": "a\u202eb"}, "Use plain text in one line"),
        ({"username": ""}, "This field is required."),
    ],
)
def test_it_says_what_is_wrong(changed: dict[str, str], said: str, cast: Cast) -> None:
    before = User.objects.count()
    response = Client().post("/signup/", FORM | changed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert User.objects.count() == before


@pytest.mark.django_db
def test_it_never_sends_a_password_back() -> None:
    response = Client().post("/signup/", FORM | {"email": "nobody"})
    assert PASSWORD not in response.content.decode()
