from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from server.accounts.models import ApiToken
from server.accounts.services import token_authenticate, token_create, token_revoke
from tests.server.cast import PASSWORD, Cast, client_of


def test_it_keeps_no_text_of_a_token(cast: Cast) -> None:
    issued = token_create(user=cast.student, name="laptop")
    kept = [str(value) for value in ApiToken.objects.values_list().get(pk=issued.token.pk)]
    assert issued.text.startswith("sb_")
    assert not any(issued.text in value for value in kept)
    assert issued.text not in repr(issued)


def test_it_shows_the_text_once(cast: Cast) -> None:
    client = client_of(cast.student)
    sent = {"username": "student", "password": PASSWORD, "name": "laptop"}
    text = APIClient().post("/api/v1/tokens", sent).json()["token"]
    listed = client.get("/api/v1/tokens")
    assert "laptop" in [token["name"] for token in listed.json()]
    assert text not in listed.content.decode()


def test_a_new_token_opens_the_api(cast: Cast) -> None:
    sent = {"username": "student", "password": PASSWORD, "name": "laptop"}
    text = APIClient().post("/api/v1/tokens", sent, format="json").json()["token"]
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert client.get("/api/v1/me").json()["username"] == "student"


def test_a_form_gets_a_token_too(cast: Cast) -> None:
    body = f"username=student&password={PASSWORD.replace(' ', '+')}&name=laptop"
    kind = "application/x-www-form-urlencoded"
    response = APIClient().generic("POST", "/api/v1/tokens", body, content_type=kind)
    assert response.status_code == 201


def test_a_revoked_token_stops_at_once(cast: Cast) -> None:
    issued = token_create(user=cast.student, name="laptop")
    assert token_authenticate(text=issued.text) == cast.student
    token_revoke(user=cast.student, token_id=issued.token.pk)
    assert token_authenticate(text=issued.text) is None


def test_a_closed_account_has_no_tokens(cast: Cast) -> None:
    issued = token_create(user=cast.student, name="laptop")
    cast.student.is_active = False
    cast.student.save()
    assert token_authenticate(text=issued.text) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer sb_wrong", "Bearer a b c", "bearer \xff"])
def test_it_refuses_what_is_no_token(header: str, db: None) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    response = client.get("/api/v1/me")
    assert response.status_code == 401
    assert "POST /api/v1/tokens" in response.json()["detail"]


def test_it_notes_its_use_at_most_once_a_minute(cast: Cast) -> None:
    issued = token_create(user=cast.student, name="laptop")
    begin = timezone.now()
    noted = []
    for seconds in (0, 30, 59, 61):
        token_authenticate(text=issued.text, at=begin + timedelta(seconds=seconds))
        noted.append(ApiToken.objects.get(pk=issued.token.pk).last_used)
    assert noted == [begin, begin, begin, begin + timedelta(seconds=61)]


def test_a_wrong_password_gets_no_token(cast: Cast) -> None:
    sent = {"username": "student", "password": "wrong", "name": "laptop"}
    response = APIClient().post("/api/v1/tokens", sent, format="json")
    assert response.status_code == 401
    assert not ApiToken.objects.exists()


def test_passwords_can_be_tried_slowly_only(cast: Cast) -> None:
    sent = {"username": "student", "password": "wrong", "name": "laptop"}
    statuses = [
        APIClient().post("/api/v1/tokens", sent, format="json").status_code for _ in range(11)
    ]
    assert statuses == [401] * 10 + [429]
    last = APIClient().post("/api/v1/tokens", sent, format="json")
    assert int(last["Retry-After"]) > 0
    assert "retry_at" in last.json()
    # Another person behind the same address is not held up.
    other = {"username": "classmate", "password": PASSWORD, "name": "laptop"}
    assert APIClient().post("/api/v1/tokens", other, format="json").status_code == 201
