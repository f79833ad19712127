"""How fast passwords, accounts, links and codes may be tried, and who is not shut out by that."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from server.accounts.models import User
from server.courses.models import Course
from server.throttling import network_of
from tests.server.cast import PASSWORD, Cast, person_make

ELSEWHERE = "203.0.113.9"


def log_in(client: Client, name: str, password: str, address: str = "127.0.0.1") -> int:
    form = {"username": name, "password": password}
    return client.post("/login/", form, REMOTE_ADDR=address).status_code


def token(name: str, password: str, address: str = "127.0.0.1") -> int:
    sent = {"username": name, "password": password, "name": "laptop"}
    answer = APIClient().post("/api/v1/tokens", sent, format="json", REMOTE_ADDR=address)
    return answer.status_code


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The limits, to be changed for a test."""
    changed = {name: str(rate) for name, rate in api_settings.DEFAULT_THROTTLE_RATES.items()}
    monkeypatch.setattr("server.throttling.CountingThrottle.THROTTLE_RATES", changed)
    return changed


def test_an_attacker_elsewhere_does_not_shut_the_owner_out(cast: Cast) -> None:
    tries = [log_in(Client(), "student", "wrong", ELSEWHERE) for _ in range(30)]
    assert tries == [200] * 10 + [429] * 20
    assert token("student", "wrong", ELSEWHERE) == 429
    assert log_in(Client(), "student", PASSWORD) == 302
    assert token("student", PASSWORD) == 201


def test_a_device_that_is_known_is_not_shut_out_by_anyone(
    cast: Cast, rates: dict[str, str]
) -> None:
    rates["password_account"] = "15/hour"
    own = Client()
    assert log_in(own, "student", PASSWORD) == 302
    own.post("/logout/")
    # From the same address too, as classmates behind one are, and from many.
    for last in range(1, 4):
        for _ in range(12):
            log_in(Client(), "student", "wrong", f"203.0.113.{last}")
            log_in(Client(), "student", "wrong")
    assert log_in(Client(), "student", PASSWORD, "198.51.100.1") == 429
    assert log_in(own, "student", PASSWORD) == 302


def test_a_known_device_can_not_try_for_ever_either(cast: Cast) -> None:
    thief = Client()
    assert log_in(thief, "student", PASSWORD) == 302
    thief.post("/logout/")
    assert [log_in(thief, "student", "wrong") for _ in range(11)] == [200] * 10 + [429]
    # Nor does it help with another account's password.
    assert [log_in(thief, "classmate", "wrong") for _ in range(11)] == [200] * 10 + [429]


def test_a_device_can_not_be_made_up(cast: Cast) -> None:
    known = Client()
    log_in(known, "student", PASSWORD)
    cookie = known.cookies["device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    for forged in ("x", cookie.value.replace(":", "x:", 1), cookie.value + "x"):
        client = Client()
        client.cookies["device"] = forged
        statuses = [log_in(client, "student", "wrong", ELSEWHERE) for _ in range(4)]
        assert statuses in ([200] * 4, [200] * 2 + [429] * 2)
    # All of them were counted together.
    assert log_in(Client(), "student", "wrong", ELSEWHERE) == 429


def test_a_class_behind_one_address_signs_up_and_logs_in_at_once(cast: Cast) -> None:
    code = Course.objects.get(pk=cast.course.pk).invite_code
    for number in range(150):
        form = {
            "username": f"pupil{number}", "email": f"pupil{number}@example.org",
            "password": PASSWORD,
        }  # fmt: skip
        pupil = Client()
        assert pupil.post("/signup/", form).status_code == 302
        assert pupil.post(f"/join/{code}/").status_code == 302
        # Many forget to log out, and then their password once.
        fresh = Client()
        if number % 3 == 0:
            assert log_in(fresh, f"pupil{number}", "forgotten") == 200
        assert log_in(fresh, f"pupil{number}", PASSWORD) == 302
    assert token("pupil0", PASSWORD) == 201


def test_one_address_tries_wrong_passwords_slowly_only(cast: Cast, rates: dict[str, str]) -> None:
    rates["password_address"] = "5/min"
    tries = [log_in(Client(), f"nobody{number}", "wrong", ELSEWHERE) for number in range(7)]
    assert tries == [200] * 5 + [429] * 2
    assert token("student", PASSWORD, ELSEWHERE) == 429
    assert token("student", PASSWORD) == 201


def test_what_is_refused_does_not_count_against_the_account(
    cast: Cast, rates: dict[str, str]
) -> None:
    rates["password_account"] = "25/hour"
    for _ in range(200):
        log_in(Client(), "student", "wrong", ELSEWHERE)
    assert log_in(Client(), "student", PASSWORD, "198.51.100.1") == 302


def test_accounts_are_made_slowly_only(db: None, rates: dict[str, str]) -> None:
    rates["sign_up"] = "3/hour"
    statuses = [
        Client().post(
            "/signup/",
            {"username": f"n{number}", "email": f"n{number}@x.org", "password": PASSWORD},
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in statuses] == [302] * 3 + [429]
    assert "Wait 60 minutes" in statuses[-1].content.decode()
    assert 0 < int(statuses[-1].headers["Retry-After"]) <= 3600
    assert User.objects.count() == 3


def test_codes_are_tried_slowly_by_page_link_and_api_together(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.stranger)
    for _ in range(10):
        assert client.post("/join/", {"invite_code": "abcd"}).status_code == 422
    for _ in range(10):
        assert client.post("/join/abcd/").status_code == 422
    kind = "application/json"
    refused = client.post("/api/v1/courses/join", {"invite_code": "abcd"}, content_type=kind)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.post(f"/join/{cast.course.invite_code}/").status_code == 429


def test_the_operators_door_is_the_one_where_tries_are_counted(cast: Cast) -> None:
    assert Client().get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    form = {"username": "student", "password": PASSWORD, "next": "/admin/"}
    assert Client().post("/admin/login/", form).status_code == 405
    person_make("operator")
    User.objects.filter(username="operator").update(is_staff=True, is_superuser=True)
    client = Client()
    assert log_in(client, "operator", PASSWORD) == 302
    led = client.get("/admin/login/?next=/admin/accounts/user/")
    assert led.headers["Location"] == "/admin/accounts/user/"
    for elsewhere in ("https://evil.example/admin/", "//evil.example", "/account/"):
        away = client.get("/admin/login/", {"next": elsewhere})
        assert away.headers["Location"] == "/admin/"
    student = Client()
    student.force_login(cast.student)
    refused = student.get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "for the server&#x27;s operators" in refused.content.decode()


@pytest.mark.parametrize(
    ("proxies", "sent", "counted"),
    [
        (0, "1.1.1.1", False),
        (0, "1.1.1.1, 2.2.2.2", False),
        (1, "1.1.1.1", True),
        (1, "6.6.6.6, 1.1.1.1", True),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", True),
    ],
)
def test_an_address_can_not_be_forged(
    proxies: int, sent: str, counted: bool, cast: Cast, settings: Settings
) -> None:
    """Whatever a client puts before what our proxies add, it stays the same client."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    for number in range(10):
        forged = sent.replace("6.6.6.6", f"6.6.6.{number}")
        if not counted:
            forged = f"7.7.7.{number}, {forged}"
        form = {"username": "student", "password": "wrong"}
        assert (
            Client().post("/login/", form, headers={"X-Forwarded-For": forged}).status_code == 200
        )
    again = Client().post("/login/", form, headers={"X-Forwarded-For": sent})
    assert again.status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:1234", "192.0.2.7:1234"),
        ("x" * 5000, "x" * 64),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_an_ipv6_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.django_db(transaction=True)
def test_tries_that_come_at_once_are_each_counted() -> None:
    person_make("student")
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: token("student", "wrong"), range(40)))
    assert sorted(statuses) == [401] * 10 + [429] * 30
