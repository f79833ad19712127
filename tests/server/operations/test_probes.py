"""What machines are told of the server, and who is told how much."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from pytest_django import Settings

from server.accounts.models import User
from server.operations import readiness
from server.operations.access import is_local, is_trusted
from server.operations.readiness import Part, Readiness, State
from server.operations.watched import Found, Watched
from tests.server.cast import PASSWORD, Cast

TOKEN = "a-token-that-nobody-guesses"
PROXIED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}


def parts_set(monkeypatch: pytest.MonkeyPatch, **bad: str) -> None:
    """Puts looks in the places of the real ones, of which some find what is bad."""
    for part in Part:
        found = Found(part.value not in bad, bad.get(part.value, "well"))
        watched = Watched(lambda found=found: found, keep_seconds=0, patience_seconds=5)  # type: ignore[misc]
        monkeypatch.setitem(readiness.WATCHED, part, watched)


def test_it_is_alive_whatever_name_it_is_asked_by(settings: Settings) -> None:
    """Also without a database: this test has none."""
    settings.SECURE_SSL_REDIRECT = True
    for host in ("10.1.2.3:8000", "evil.example", "", "two words"):
        answer = Client().get("/healthz", headers={"Host": host})
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
    # All else is as guarded as ever.
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400
    assert Client().get("/healthz/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_probes_are_only_read(path: str, method: str, db: None) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert answer.status_code == 405


@pytest.mark.django_db(transaction=True)
def test_it_is_ready_by_a_look_at_the_real_parts() -> None:
    told = Client().get("/readyz", headers={"Host": "10.1.2.3"}).json()
    assert told["status"] == "ready"
    assert {part: one["ok"] for part, one in told["checks"].items()} == dict.fromkeys(Part, True)
    assert [part for part, one in told["checks"].items() if one["needed"]] == [
        "database",
        "storage",
    ]


@pytest.mark.parametrize(
    ("bad", "status", "state"),
    [
        ("database", 503, "unready"),
        ("storage", 503, "unready"),
        ("broker", 200, "degraded"),
        ("workers", 200, "degraded"),
    ],
)
def test_only_what_no_submission_can_do_without_takes_it_out_of_service(
    bad: str, status: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_set(monkeypatch, **{bad: "it is broken"})
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (status, state)
    assert answer.json()["checks"][bad] == {
        "ok": False,
        "needed": status == 503,
        "detail": "it is broken",
    }


def test_what_is_wrong_is_told_on_this_machine_or_to_who_bears_the_token(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    parts_set(monkeypatch, database="no host database.internal")
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert b"internal" in Client().get("/readyz").content
    assert b"internal" not in Client().get("/readyz", headers=PROXIED).content
    assert b"internal" not in elsewhere.get("/readyz", headers=bearer).content
    settings.METRICS_TOKEN = TOKEN
    assert b"internal" in elsewhere.get("/readyz", headers=bearer).content
    assert b"internal" not in elsewhere.get("/readyz").content


def test_a_state_is_as_bad_as_the_worst_part() -> None:
    def state(**bad: bool) -> State:
        return Readiness({part: Found(not bad.get(part.value, False)) for part in Part}).state

    assert state() is State.READY
    assert state(workers=True, broker=True) is State.DEGRADED
    assert state(workers=True, storage=True) is State.UNREADY


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        ("127.0.0.1", {}, True),
        ("127.0.0.9", {}, True),
        ("::1", {}, True),
        ("10.0.0.1", {}, False),
        ("203.0.113.9", {}, False),
        ("", {}, False),
        ("unix:", {}, False),
        *(("127.0.0.1", {name: "127.0.0.1"}, False) for name in (
            "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via",
        )),
    ],
)  # fmt: skip
def test_who_asks_on_this_machine(address: str, headers: dict[str, str], local: bool) -> None:
    request = RequestFactory().get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert is_local(request) is local


@pytest.mark.parametrize(
    ("header", "trusted"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (f"Bearer {TOKEN}x", False),
        ("Bearer ", False),
        ("Bearer", False),
        (f"Basic {TOKEN}", False),
        (TOKEN, False),
        ("Bearer \x85\xff", False),
        ("", False),
    ],
)
def test_who_bears_the_token(header: str, trusted: bool, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    request = RequestFactory().get("/metrics", headers={"Authorization": header})
    assert is_trusted(request) is trusted
    # Where there is none, none is borne, and an empty one least of all.
    settings.METRICS_TOKEN = ""
    elsewhere = RequestFactory().get(
        "/metrics", headers={"Authorization": header}, REMOTE_ADDR="203.0.113.9"
    )
    elsewhere.user = AnonymousUser()
    assert not is_trusted(elsewhere)


def test_metrics_are_for_the_token_or_an_operator(cast: Cast, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    # By its address, as Prometheus asks.
    assert Client().get("/metrics", headers=bearer | {"Host": "10.1.2.3:8000"}).status_code == 200
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Host": "10.1.2.3:8000"}).status_code == 400
    browser = Client()
    browser.login(username="instructor", password=PASSWORD)
    assert browser.get("/metrics").status_code == 404
    User.objects.filter(username="instructor").update(is_staff=True)
    assert browser.get("/metrics").status_code == 200
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", headers=PROXIED).status_code == 404
