"""Logs for machines: each line an object that says whose it is, and no secret in any."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from evaluators.errors import InfrastructureError
from server.accounts.models import User
from server.competitions.models import Competition
from server.leaderboards import worker
from server.logs.context import log_context, log_names
from server.logs.json_lines import JsonFormatter
from tests.server.cast import PASSWORD, Cast
from tests.server.judging import evaluation_of, submit


class Lines:
    """What was logged, read again."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def read(self, logger: str = "") -> list[dict[str, Any]]:
        parsed = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in parsed if line["logger"].startswith(logger)]


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


def test_a_line_is_one_object(lines: Lines) -> None:
    try:
        raise ValueError('two\nlines "quoted" \x1b[31m')
    except ValueError:
        logging.getLogger("springboard.test").exception("it %s", "failed\nbadly")
    (line,) = lines.read("springboard.test")
    assert (line["level"], line["message"]) == ("ERROR", "it failed\nbadly")
    assert line["exception"].startswith("Traceback") and "quoted" in line["exception"]
    assert line["time"].endswith("+00:00") and "T" in line["time"]
    assert isinstance(line["process"], int)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"/join/abcd-efgh"', '"/join/[hidden]"'),
        ("/join/abcd-efgh\\", "/join/[hidden]"),
        ("Bearer sb_abcdefghijklmnop", "Bearer sb_[hidden]"),
        ("redis://:s3cret@broker:6379/0", "redis://:[hidden]@broker:6379/0"),
        ("https://example.org:8000/a@b", "https://example.org:8000/a@b"),
    ],
)
def test_secrets_are_hidden_and_the_line_stays_an_object(
    said: str, told: str, lines: Lines
) -> None:
    with log_context(path=said):
        logging.getLogger("springboard.test").warning("%s", said)
    (line,) = lines.read("springboard.test")
    assert (line["message"], line["path"]) == (told, told)


def test_names_hold_within_and_in_threads_that_take_them_along() -> None:
    heard: list[dict[str, object]] = []
    with log_context(submission="a", attempt=1), log_context(attempt=2):
        for target in (copy_context().run, lambda listen: listen()):
            thread = threading.Thread(
                target=target, args=(lambda: heard.append(dict(log_names())),)
            )
            thread.start()
            thread.join()
        assert log_names() == {"submission": "a", "attempt": 2}
    assert heard == [{"submission": "a", "attempt": 2}, {}]
    assert log_names() == {}


def test_a_worker_says_what_it_judges(
    cast: Cast, competition: Competition, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submit(cast.student, competition)
    evaluation = evaluation_of(submission)

    def fail(*arguments: object) -> None:
        logging.getLogger("evaluators.sandbox").warning("the sandbox is slow")
        raise InfrastructureError("the disk is full")

    monkeypatch.setattr(worker, "sandbox", lambda: None)
    monkeypatch.setattr(worker.sandbox, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(worker, "_judge", fail)
    worker.evaluation_work(queue="cpu")
    of_it = [line for line in lines.read() if "evaluation" in line]
    assert {line["logger"] for line in of_it} >= {"evaluators.sandbox", worker.logger.name}
    for line in of_it:
        names = (line["submission"], line["evaluation"], line["attempt"])
        assert names == (submission.public_id, evaluation.public_id, 1)
    assert any("the disk is full" in line.get("exception", "") for line in of_it)


def test_a_failed_request_says_whose_it_was(
    cast: Cast, competition: Competition, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*, user: User, slug: str) -> None:
        raise RuntimeError(f"broken for whoever may be {user.pk and 'known'}")

    monkeypatch.setattr("server.web.views.competition.competition_access", fail)
    browser = Client(raise_request_exception=False)
    browser.login(username="student", password=PASSWORD)
    answer = browser.get("/competitions/halves/?code=typed")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert f'<code id="request-id">{number}</code>' in answer.content.decode()
    (line,) = lines.read("django.request")
    assert (line["request"], line["user"], line["status"]) == (number, cast.student.pk, 500)
    assert (line["method"], line["path"]) == ("GET", "/competitions/halves/")
    assert "broken" in line["exception"]
    assert "typed" not in lines.stream.getvalue()


def test_each_request_has_its_number(db: None) -> None:
    numbers = {Client().get(path).headers["X-Request-ID"] for path in ("/", "/", "/nothing/")}
    assert len(numbers) == 3
    bad = Client().get("/", headers={"Host": "evil.example"})
    assert f'<code id="request-id">{bad.headers["X-Request-ID"]}</code>' in bad.content.decode()
    assert Client().get("/healthz").headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("3f2a9c1e-0000-4000-8000-1234567890ab", True),
        ("short", False),
        ("x" * 65, False),
        ("a b c d e f g h", False),
        ("evil\r\nX-Evil: 1", False),
        ('"}{"level":"x"}', False),
        ("<script>x</script>", False),
        ("ünïcödé-number", False),
        ("", False),
    ],
)
def test_a_number_is_taken_from_a_proxy_only_and_only_if_it_is_plain(
    given: str, kept: bool, db: None, settings: Settings
) -> None:
    def number() -> str:
        return Client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert number() != given
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    assert (number() == given) is kept
    assert number().isascii() and number().isprintable()
