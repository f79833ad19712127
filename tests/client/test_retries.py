"""What is sent again, how often, and after how long."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from springboard import Refused, Springboard, TryLater, Unreachable
from springboard.connection import Connection
from springboard.retries import Retries, retry_after
from tests.client.documents import COMPETITION, SUBMISSION
from tests.client.scripted_server import CUT, Scripted, found, problem, scripted

FAST = Retries(attempts=4, first_seconds=0.01, longest_seconds=2)
BUSY = Scripted(503, b"<html>busy</html>")


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "model.joblib"
    path.write_bytes(b"weights" * 1000)
    yield path


@pytest.mark.parametrize(
    "failure", [CUT, BUSY, Scripted(502, b""), Scripted(504, b"")], ids=["cut", "503", "502", "504"]
)
def test_a_submission_is_sent_again_under_the_same_key(failure: Scripted, model: Path) -> None:
    told: list[str] = []
    with scripted(found(COMPETITION), failure, failure, found(SUBMISSION)) as server:
        board = Springboard(server.url, "sb_token", retries=FAST, tell=told.append)
        sent = board.submit(model, competition="halves", message="first")
    assert sent.id == "abc123"
    uploads = server.received[1:]
    assert len(uploads) == 3
    keys = {upload.headers["Idempotency-Key"] for upload in uploads}
    assert len(keys) == 1 and keys != {None}
    # Each time whole, though the first ones had been read.
    assert all(b"weights" * 1000 in upload.body for upload in uploads)
    assert all(b"first" in upload.body for upload in uploads)
    assert len(told) == 2 and all("trying again in" in text for text in told)


def test_two_submissions_have_two_keys(model: Path) -> None:
    answers = [found(COMPETITION), found(SUBMISSION)]
    with scripted(*answers, *answers) as server:
        for _ in range(2):
            Springboard(server.url, "t").submit(model, competition="halves")
    keys = [one.headers["Idempotency-Key"] for one in server.received if one.method == "POST"]
    assert len(set(keys)) == 2


def test_it_gives_up_and_says_that_it_may_have_arrived(model: Path) -> None:
    with scripted(found(COMPETITION), CUT) as server:
        board = Springboard(server.url, "t", retries=FAST)
        with pytest.raises(Unreachable, match="may have arrived all the same"):
            board.submit(model, competition="halves")
    assert len(server.received) == 1 + FAST.attempts


def test_a_refusal_is_not_argued_with(model: Path) -> None:
    with scripted(found(COMPETITION), problem(422, "Another file has this key.")) as server:
        board = Springboard(server.url, "t", retries=FAST)
        with pytest.raises(Refused, match="Another file has this key."):
            board.submit(model, competition="halves")
    assert len(server.received) == 2


def test_retry_after_is_honoured() -> None:
    with scripted(Scripted(503, b"", {"Retry-After": "1"}), found({"results": []})) as server:
        started = time.monotonic()
        with Connection(server.url, retries=FAST) as connection:
            connection.get("competitions")
    assert 1.0 <= time.monotonic() - started < 2.0


def test_a_throttle_is_waited_for() -> None:
    throttled = problem(429, "Too many requests.", Retry_After="1")
    with scripted(throttled, found({"results": []})) as server:
        started = time.monotonic()
        with Connection(server.url, retries=FAST) as connection:
            connection.get("competitions")
    assert time.monotonic() - started >= 1.0


def test_a_used_up_quota_is_not(model: Path) -> None:
    used_up = problem(429, "All 5 of today are used.", Retry_After="3600")
    with scripted(found(COMPETITION), used_up) as server:
        board = Springboard(server.url, "t", retries=FAST)
        with pytest.raises(TryLater, match="All 5 of today are used."):
            board.submit(model, competition="halves")
    assert len(server.received) == 2


def test_a_server_that_asks_for_long_gets_no_other_request() -> None:
    with (
        scripted(Scripted(503, b"", {"Retry-After": "600"})) as server,
        Connection(server.url, retries=FAST) as connection,
        pytest.raises(Unreachable, match=r"is not up \(503"),
    ):
        connection.get("competitions")
    assert len(server.received) == 1


@pytest.mark.parametrize("failure", [CUT, BUSY], ids=["cut", "503"])
def test_a_password_is_sent_once(failure: Scripted) -> None:
    with (
        scripted(failure) as server,
        Connection(server.url, retries=FAST) as connection,
        pytest.raises(Unreachable),
    ):
        connection.send("POST", "tokens", once=True, json={"password": "secret"})
    assert len(server.received) == 1


def test_a_server_that_is_not_there_is_tried_again_and_named() -> None:
    with scripted(found({})) as server:
        url = server.url
    told: list[str] = []
    connection = Connection(url, retries=FAST, tell=told.append)
    with connection, pytest.raises(Unreachable, match=f"{url} can't be reached"):
        connection.send("POST", "tokens", once=True)  # nothing of it was read by anybody
    assert len(told) == FAST.attempts - 1


def test_waits_grow_and_are_bounded() -> None:
    patient = Retries(attempts=9, first_seconds=1, longest_seconds=30)
    waits = [patient.wait_after_failure(attempt) for attempt in range(1, 9)]
    for wait, longest in zip(waits, (1, 2, 4, 8, 16, 30, 30, 30), strict=True):
        assert wait is not None and longest / 2 <= wait <= longest
    assert patient.wait_after_failure(9) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), (" 7 ", 7.0), ("soon", None), ("", None), ("-1", None), ("9" * 400, 999999999.0)],
)
def test_retry_after_in_seconds(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}) == seconds


def test_retry_after_as_a_date() -> None:
    when = datetime.now(UTC) + timedelta(seconds=60)
    assert retry_after({"retry-after": format_datetime(when, usegmt=True)}) == pytest.approx(60, 2)
    past = datetime.now(UTC) - timedelta(seconds=60)
    assert retry_after({"retry-after": format_datetime(past, usegmt=True)}) == 0.0
