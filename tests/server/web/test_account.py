import re

from django.test import Client

from server.accounts.models import ApiToken
from tests.server.cast import Cast


def issue(client: Client, name: str = "laptop") -> str:
    page = client.post("/account/", {"name": name}).content.decode()
    found = re.search(r'id="token-text"[^>]*value="(sb_[^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_a_new_token_is_shown_once_and_works(student: Client) -> None:
    token = issue(student)
    assert token not in student.get("/account/").content.decode()
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["username"] == "student"


def test_it_shows_how_to_use_the_token(student: Client) -> None:
    page = student.post("/account/", {"name": "laptop"}).content.decode()
    assert "curl -H" in page and "http://testserver/api/v1/me" in page


def test_a_token_needs_a_name(student: Client) -> None:
    response = student.post("/account/", {"name": " "})
    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_stops_working(student: Client) -> None:
    token = issue(student)
    number = ApiToken.objects.get().pk
    page = student.post(f"/account/tokens/{number}/revoke/", follow=True).content.decode()
    assert "The token is revoked" in page and 'scope="row"' not in page
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.status_code == 401


def test_nobody_revokes_another_persons_token(cast: Cast, student: Client) -> None:
    issue(student)
    classmate = Client()
    classmate.force_login(cast.classmate)
    number = ApiToken.objects.get().pk
    assert classmate.post(f"/account/tokens/{number}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked is None


def test_pages_are_kept_by_no_cache(student: Client) -> None:
    assert "no-store" in student.post("/account/", {"name": "x"}).headers["Cache-Control"]
