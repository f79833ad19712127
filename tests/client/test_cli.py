"""Mistakes in commands, and servers that don't behave: the words, and the exit status."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from springboard.cli import main
from springboard.cli.parser import EPILOG, parser_make
from springboard.errors import (
    NotLoggedIn,
    Refused,
    SpringboardError,
    TryLater,
    Unreachable,
    UsageError,
)
from tests.client.documents import COMPETITION, ROW, SCORED, SUBMISSION
from tests.client.scripted_server import Received, Scripted, found, problem, scripted

ROOT = Path(__file__).parents[2]
ME = found({"username": "ada", "display_name": "Ada"})
NONE = found({"results": [], "next": None})
HTML = Scripted(200, b"<html>Welcome to our shop</html>", {"Content-Type": "text/html"})


def run(
    monkeypatch: pytest.MonkeyPatch, answers: Sequence[Scripted], *words: str, stdin: str = ""
) -> tuple[int, list[Received]]:
    """Runs a command against a server that answers by a script."""
    with scripted(*answers) as server:
        monkeypatch.setenv("SPRINGBOARD_SERVER", server.url)
        monkeypatch.setenv("SPRINGBOARD_TOKEN", "sb_token")
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        named = [server.url if word == "URL" else word for word in words]
        return main(named), server.received


@pytest.fixture(autouse=True)
def _model(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["submit", "-c", "halves"], "give one PATH"),
        (["check"], "give one PATH"),
        (["submit", "a.zip", "-f", "b.zip", "-c", "halves"], "give one PATH"),
        (["submit", "nothing.zip", "-c", "halves"], "there is no nothing.zip; train a model first"),
        (["submit", "model.onnx"], "which competition? Say -c COMPETITION"),
        (["submit", "model.onnx", "-c", "../x"], "no competition's short name"),
        (["leaderboard", "one", "-c", "two"], "name one competition, not two"),
        (["leaderboard"], "which competition?"),
        (["logs", "../me"], "no submission's id"),
        (["diagnostics", "../me"], "no submission's id"),
        (["cancel", ""], "no submission's id"),
        (["submissions", "a/b"], "no submission's id"),
        (["competitions", "--server", "ftp://x"], "is no server's address"),
        (["login", "https://ada:secret@x.example"], "leave user name and password out"),
    ],
)
def test_a_mistake_is_named_with_its_fix(
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, received = run(monkeypatch, [found({})], *words)
    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    assert said in captured.err and "secret" not in captured.err
    assert received == []


@pytest.mark.parametrize("words", [[], ["chekc"], ["submit", "-n"], ["leaderboard", "-n", "0"]])
def test_argparse_s_mistakes_end_alike(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_an_empty_file_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.zip").touch()
    status, received = run(monkeypatch, [found(COMPETITION)], "submit", "empty.zip", "-c", "halves")
    assert status == 2 and "empty.zip is empty" in capsys.readouterr().err
    assert [one.method for one in received] == ["GET"]


@pytest.mark.skipif(os.name != "posix", reason="links need no rights there")
def test_a_folder_with_a_link_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.py").symlink_to("/etc/passwd")
    status, received = run(monkeypatch, [found(COMPETITION)], "submit", "mine", "-c", "halves")
    assert status == 4 and "a symbolic link, which is not accepted" in capsys.readouterr().err
    assert [one.method for one in received] == ["GET"]


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (problem(400, "Correct this."), 4, "Correct this."),
        (problem(401, "The token is not valid."), 3, "springboard login URL"),
        (problem(403, "It has not begun."), 4, "It has not begun."),
        (problem(404, "No such submission."), 4, "No such submission."),
        (problem(409, "It has ended."), 4, "It has ended."),
        (problem(429, "Try again tomorrow.", Retry_After="9999"), 5, "Try again tomorrow."),
        (problem(500, "The server failed."), 6, "The server failed."),
        (Scripted(301, b"", {"Location": "https://new.example/"}), 6, "https://new.example/"),
        (Scripted(404, b"<html>"), 6, "404 Not Found, without a word why. Is the address right?"),
        (Scripted(503, b"", {"Retry-After": "999"}), 6, "is not up (503 Service Unavailable)"),
        (Scripted(413, b"<html>nginx"), 4, "too large for the server"),
        (Scripted(299, b""), 6, "its answer is not JSON"),
        (HTML, 6, "does not answer as a Springboard server does: its answer is not JSON"),
        (Scripted(200, b"[" * 100_000), 6, "its answer is not JSON"),
        (found([]), 6, "does not answer as a Springboard server does"),
        (found(SUBMISSION | {"id": "../../x"}), 6, "id: "),
        (found(SUBMISSION | {"scores": "many"}), 6, "scores: "),
        (found({k: v for k, v in SUBMISSION.items() if k != "status"}), 6, "status: "),
    ],
)
def test_each_answer_has_its_words_and_its_status(
    answer: Scripted,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, [answer], "submissions", "abc", "--json")[0] == status
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    error = json.loads(captured.out)["error"]
    assert error["message"] in captured.err and error["code"]


def test_an_answer_without_end_is_not_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("springboard.connection.ANSWER_BYTES", 1 << 20)
    assert run(monkeypatch, [Scripted(200, b" " * (2 << 20))], "submissions", "abc")[0] == 6
    assert "longer than 1 MB" in capsys.readouterr().err


def test_pages_without_end_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("springboard.client.MOST_PAGES", 3)
    page = found({"results": [ROW], "next": "again"})
    status, received = run(monkeypatch, [page], "leaderboard", "halves", "-n", "1000")
    assert (status, len(received)) == (0, 3)


def test_a_new_field_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = found(SCORED | {"brand_new": {"a": 1}})
    assert run(monkeypatch, [answer], "submissions", "abc123")[0] == 0
    assert "0.2500" in capsys.readouterr().out


def test_what_others_wrote_can_t_command_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]0;mine\x07\x1b[2J"
    page = found({"results": [ROW | {"team": evil}], "next": None})
    log = found(SCORED | {"practice_log": f"{evil}\nfine", "note": evil})
    refusal = problem(403, f"no {evil}")
    for answer, words in (
        (page, ("leaderboard", "halves")),
        (log, ("logs", "abc")),
        (log, ("submissions", "abc")),
        (refusal, ("logs", "abc")),
    ):
        run(monkeypatch, [answer], *words)
        captured = capsys.readouterr()
        assert "\x1b" not in captured.out + captured.err
        assert "\x07" not in captured.out + captured.err
    run(monkeypatch, [page], "leaderboard", "halves", "--json")
    text = capsys.readouterr().out
    assert "\x1b" not in text and json.loads(text)[0]["team"] == evil


def test_a_password_goes_to_a_springboard_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, received = run(monkeypatch, [HTML], "login", "URL", stdin="ada\nsecret\n")
    assert status == 6 and "Is the address right?" in capsys.readouterr().err
    assert all(b"secret" not in one.body for one in received)
    assert [one.method for one in received] == ["GET"]


def test_it_warns_where_others_can_listen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = found({"id": 1, "name": "x", "token": "sb_new"})
    with scripted(NONE, token) as server:
        monkeypatch.setattr("sys.stdin", io.StringIO("ada\nsecret\n"))
        # Every address of this machine, which is not only the loopback.
        assert main(["login", server.url.replace("127.0.0.1", "0.0.0.0")]) == 0  # noqa: S104
    captured = capsys.readouterr()
    assert "is not https: anybody on the way can read your password" in captured.err
    assert "sb_new" not in captured.out + captured.err


def test_the_token_is_sent_as_a_bearer_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, received = run(monkeypatch, [NONE], "competitions")
    assert received[0].headers["Authorization"] == "Bearer sb_token"
    assert received[0].headers["User-Agent"].startswith("springboard/")
    captured = capsys.readouterr()
    assert "sb_token" not in captured.out + captured.err


def test_a_redirect_is_not_followed_with_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(NONE) as other:
        there = Scripted(302, b"", {"Location": f"{other.url}/api/v1/competitions"})
        assert run(monkeypatch, [there], "competitions")[0] == 6
    assert other.received == []


def test_ctrl_c_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("springboard.client.time.sleep", interrupt)
    answers = [found(COMPETITION), found(SUBMISSION)]
    words = ("submit", "model.onnx", "-c", "halves", "--wait")
    assert run(monkeypatch, answers, *words)[0] == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_error() -> None:
    page = found({"results": [ROW] * 200, "next": "again"})
    with scripted(page) as server:
        command = [sys.executable, "-m", "springboard", "leaderboard", "halves", "-n", "20000"]
        with subprocess.Popen(
            command,
            env=os.environ
            | {
                "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}",
                "SPRINGBOARD_SERVER": server.url,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(30) == 0


@pytest.mark.parametrize(
    "error", [UsageError, NotLoggedIn, Refused, TryLater, Unreachable], ids=lambda e: e.__name__
)
def test_the_help_states_the_exit_status(error: type[SpringboardError]) -> None:
    words = {
        2: "a mistake in the command",
        3: "not logged in",
        4: "the server refused",
        5: "not now",
        6: "the server can't be reached",
    }
    assert f"  {error.exit_status}  {words[error.exit_status]}" in EPILOG
    assert f"{error.__name__:<15} {error.exit_status}" in (
        sys.modules[error.__module__].__doc__ or ""
    )


def test_every_command_takes_json_and_quiet() -> None:
    helped = parser_make().format_help()
    for command in (
        "login", "logout", "competitions", "download", "check", "submit", "submissions", "logs",
        "diagnostics", "cancel", "leaderboard",
    ):  # fmt: skip
        assert re.search(rf"^ +{command}\b", helped, re.MULTILINE), command
        words = {"login": ["https://x.example"], "cancel": ["abc"]}.get(command, [])
        options = parser_make().parse_args([command, *words, "--json", "-q"])
        assert options.json and options.quiet
