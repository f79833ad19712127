"""The commands against a real server in this process: what each says, and its exit status."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from server.accounts.models import ApiToken, User
from server.accounts.services import token_create
from server.competitions.models import Competition, Visibility
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Submission
from server.submissions.services import evaluation_requeue
from server.submissions.storage import upload_path
from springboard.cli import main
from tests.server.cast import PASSWORD, Cast, cast_make, competition_make
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit

pytestmark = pytest.mark.django_db(transaction=True)


class Shell:
    """Runs commands as a person would."""

    def __init__(
        self, server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.server = server
        self.out = self.err = ""
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *words: str, stdin: str = "") -> int:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = main(words)
        self.out, self.err = self._capsys.readouterr()
        return status

    def json(self, *words: str) -> Any:
        assert self.run(*words, "--json") == 0, self.err
        return json.loads(self.out)

    def log_in(self, user: User) -> None:
        token = token_create(user=user, name="test").text
        assert self.run("login", self.server, "--token", stdin=f"{token}\n") == 0, self.err


@pytest.fixture
def cast() -> Cast:
    return cast_make()


@pytest.fixture
def competition(cast: Cast) -> Competition:
    return competition_make(cast.course)


@pytest.fixture
def shell(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return Shell(live_server.url, capsys, monkeypatch)


@pytest.fixture
def student(shell: Shell, cast: Cast, competition: Competition) -> Shell:
    """The student's shell, logged in."""
    shell.log_in(cast.student)
    return shell


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.py", "class Model: ...\n")
    return str(path)


def test_login_obtains_a_token(shell: Shell, cast: Cast, tmp_path: Path) -> None:
    assert shell.run("login", shell.server, stdin=f"student\n{PASSWORD}\n") == 0
    assert f"Logged in at {shell.server} as student" in shell.out
    assert str(tmp_path / "config" / "accounts.json") in shell.out
    token = ApiToken.objects.get()
    assert token.user == cast.student and token.name.startswith("springboard on ")


def test_login_again_revokes_the_token_before(shell: Shell, cast: Cast) -> None:
    for _ in range(2):
        assert shell.run("login", shell.server, "-u", "student", stdin=f"{PASSWORD}\n") == 0
    first, second = ApiToken.objects.order_by("id")
    assert first.revoked is not None and second.revoked is None
    assert shell.run("competitions") == 0


@pytest.mark.parametrize("stdin", ["student\nwrong\n", f"nobody\n{PASSWORD}\n"])
def test_a_wrong_password_is_refused(shell: Shell, cast: Cast, stdin: str, tmp_path: Path) -> None:
    assert shell.run("login", shell.server, stdin=stdin) == 3
    assert "The user name or the password is wrong." in shell.err
    assert not (tmp_path / "config").exists()


def test_a_pasted_token_is_tried_before_it_is_kept(shell: Shell, cast: Cast) -> None:
    token = token_create(user=cast.student, name="mine").text
    assert shell.run("login", shell.server, "--token", stdin=f"  {token} \n") == 0
    assert "as student" in shell.out
    assert shell.run("login", shell.server, "--token", stdin="sb_wrong\n") == 3
    assert "The token is not valid" in shell.err
    assert shell.run("competitions") == 0, "the one that works is still there"


def test_nothing_typed_is_a_mistake(shell: Shell, cast: Cast) -> None:
    assert shell.run("login", shell.server, stdin="\n") == 2
    assert shell.run("login", shell.server, "--token", stdin="two words\n") == 2
    assert "that is no token" in shell.err


def test_logout_revokes_and_forgets(shell: Shell, cast: Cast) -> None:
    shell.run("login", shell.server, stdin=f"student\n{PASSWORD}\n")
    assert shell.run("logout") == 0
    assert shell.out == f"Logged out of {shell.server}.\n"
    assert ApiToken.objects.get().revoked is not None
    assert shell.run("logout") == 0 and "not logged in" in shell.out
    assert shell.run("competitions") == 3 and "springboard login URL" in shell.err


def test_logout_says_that_a_pasted_token_still_works(student: Shell) -> None:
    assert student.run("logout") == 0
    assert "may still work: revoke it on your account's page" in student.out


def test_a_revoked_token_means_to_log_in_again(student: Shell) -> None:
    ApiToken.objects.update(revoked=timezone.now())
    assert student.run("submissions", "-c", "halves") == 3
    assert "springboard login URL" in student.err


def test_competitions_are_listed(student: Shell) -> None:
    assert student.run("competitions") == 0
    assert "halves" in student.out and "Spring school" in student.out and "open" in student.out
    (one,) = student.json("competitions", "list")
    assert one["slug"] == "halves" and one["is_open"] is True


def test_without_any_it_says_where_to_join(shell: Shell, cast: Cast) -> None:
    shell.log_in(cast.student)
    assert shell.run("competitions") == 0
    assert f"Join a course: {shell.server}/join/" in shell.out
    assert shell.json("competitions") == []


def test_a_stranger_sees_what_is_public(
    shell: Shell, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    competition_make(cast.course, visibility=Visibility.PUBLIC)
    monkeypatch.setenv("SPRINGBOARD_SERVER", shell.server)
    assert [one["slug"] for one in shell.json("competitions")] == ["halves"]
    assert shell.run("leaderboard", "halves") == 0
    assert shell.out == "Nobody is on the board yet.\n"
    assert shell.run("submissions", "-c", "halves") == 3
    assert "springboard login URL" in shell.err


def test_a_submission_is_sent_with_its_note(student: Shell, model: str) -> None:
    sent = student.json("submit", model, "-c", "halves", "-m", "wider")
    assert (sent["status"], sent["note"], sent["filename"]) == ("queued", "wider", "model.zip")
    kept = Submission.objects.get()
    assert upload_path(key=kept.storage_key).read_bytes() == Path(model).read_bytes()
    assert student.run("submit", model, "-c", "halves") == 0
    assert "Submitted as" in student.out and "springboard submissions" in student.out
    assert "uploading model.zip  100 %" in student.err
    assert student.run("submit", model, "-c", "halves", "-q") == 0 and student.err == ""


def test_kaggle_s_words_work_too(student: Shell, model: str) -> None:
    assert student.run("competitions", "submit", "-c", "halves", "-f", model, "-m", "hi") == 0
    assert student.run("competitions", "submissions", "-c", "halves") == 0
    assert "hi" in student.out
    assert student.run("competitions", "leaderboard", "halves", "--show") == 0


def test_a_folder_is_sent_as_a_zip(student: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "weights").mkdir(parents=True)
    (folder / "model.py").write_text("class Model: ...\n")
    (folder / "weights" / "w.bin").write_bytes(b"0" * 1000)
    (folder / ".DS_Store").write_text("junk")
    assert student.json("submit", str(folder), "-c", "halves")["filename"] == "mine.zip"
    with zipfile.ZipFile(upload_path(key=Submission.objects.get().storage_key)) as archive:
        assert archive.namelist() == ["model.py", "weights/w.bin"]
        assert archive.testzip() is None


def test_the_newest_log_is_shown(student: Shell, cast: Cast, competition: Competition) -> None:
    assert student.run("logs", "-c", "halves") == 2
    assert "you have not submitted anything yet" in student.err
    evaluation = judged(cast.student, competition, report_scored(0.5))
    assert student.run("logs", "-c", "halves") == 0
    assert student.out == "loading\n"
    assert "3 bytes more were not kept" in student.err
    public_id = evaluation.submission.public_id
    assert student.json("logs", public_id)["practice_log"] == "loading\n"


def test_what_was_judged_is_explained(student: Shell, cast: Cast, competition: Competition) -> None:
    failed = judged(cast.student, competition, report_failed())
    scored = judged(cast.student, competition, report_scored(0.25))
    assert student.run("submissions", scored.submission.public_id) == 0
    assert ": scored" in student.out
    assert "Log loss  public    0.2500  0.1500 to 0.3500" in student.out
    assert "private" not in student.out and "secret input" not in student.out
    assert student.run("submissions", failed.submission.public_id) == 0
    assert ": invalid_artifact" in student.out
    assert "No model was found." in student.out and "What to do: " in student.out
    assert student.run("submissions", "-c", "halves") == 0
    assert "invalid_artifact" in student.out and "Log loss 0.2500" in student.out
    assert len(student.json("submissions", "-c", "halves", "-n", "1")) == 1


def test_waiting_ends_with_the_verdict(
    student: Shell, cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for report, status in ((report_scored(0.25), 0), (report_failed(), 1)):

        def judge(report: Any = report) -> None:
            evaluation_finish(claim=claim_next(), report=report)

        # The judge comes while the client sleeps.
        monkeypatch.setattr("springboard.client.time.sleep", lambda seconds, judge=judge: judge())
        path = Path("lone.joblib")
        path.write_bytes(b"weights")
        assert student.run("submit", str(path), "-c", "halves", "--wait") == status
        assert "queued, number 1 in line: No worker is online." in student.err


def test_it_says_that_a_worker_fell_silent(
    student: Shell, cast: Cast, competition: Competition
) -> None:
    one = submit(cast.student, competition)
    claim_next()
    assert student.run("submissions", one.public_id) == 0
    assert f"{one.public_id}: running\n" in student.out
    Evaluation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert student.run("submissions", one.public_id) == 0
    assert ": running: Its worker fell silent; it is judged again when" in student.out
    assert student.json("submissions", one.public_id)["waiting"]["code"] == "worker_silent"


def test_waiting_ends_in_time(student: Shell, model: str) -> None:
    assert student.run("submit", model, "-c", "halves", "--wait", "--timeout", "0.2") == 5
    assert "is still queued; it goes on without you" in student.err
    assert Submission.objects.count() == 1


def test_what_waits_can_be_cancelled(student: Shell, cast: Cast, competition: Competition) -> None:
    one = submit(cast.student, competition)
    assert student.run("cancel", one.public_id) == 0
    assert student.out == f"{one.public_id} is cancelled.\n"
    assert student.run("cancel", one.public_id) == 0  # once more changes nothing
    done = submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    assert student.run("cancel", done.public_id) == 4


def test_the_board_is_shown(student: Shell, cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.25))
    judged(cast.classmate, competition, report_scored(0.5))
    assert student.run("leaderboard", "-c", "halves") == 0
    lines = student.out.splitlines()
    assert lines[0].split()[:4] == ["rank", "team", "Log", "loss"]
    assert lines[1].split()[:3] == ["1", "student", "0.2500"]
    assert lines[2].split()[:3] == ["2", "classmate", "0.5000"]
    assert student.run("leaderboard", "halves", "-n", "1") == 0
    assert len(student.out.splitlines()) == 2 and "The board is longer" in student.err
    rows = student.json("leaderboard", "-c", "halves")
    assert [(row["rank"], row["team"]) for row in rows] == [(1, "student"), (2, "classmate")]


def test_a_used_up_day_says_when_to_try_again(shell: Shell, cast: Cast, model: str) -> None:
    competition_make(cast.course, daily_limit=1)
    shell.log_in(cast.student)
    assert shell.run("submit", model, "-c", "halves") == 0
    assert shell.run("submit", model, "-c", "halves", "--json") == 5
    error = json.loads(shell.out)["error"]
    assert (error["code"], error["status"]) == ("daily_limit", 429)
    assert error["retry_at"] is not None
    assert error["message"] in shell.err


def test_a_closed_competition_refuses_in_the_server_s_words(
    student: Shell, competition: Competition, model: str
) -> None:
    competition.closes_at = timezone.now() - timedelta(hours=1)
    competition.save()
    assert student.run("submit", model, "-c", "halves", "--json") == 4
    assert json.loads(student.out)["error"]["code"] == "not_open"
    assert student.err.strip()


def test_strangers_learn_nothing(
    shell: Shell, cast: Cast, competition: Competition, model: str
) -> None:
    one = submit(cast.student, competition)
    shell.log_in(cast.stranger)
    for words in (
        ("submit", model, "-c", "halves"),
        ("submissions", "-c", "halves"),
        ("submissions", one.public_id),
        ("logs", one.public_id),
        ("cancel", one.public_id),
        ("leaderboard", "halves"),
        ("download", "halves"),
        ("leaderboard", "no-such-one"),
    ):
        assert shell.run(*words) == 4, words
        assert shell.err.strip() and not shell.out


def test_what_is_too_large_is_not_even_sent(student: Shell, tmp_path: Path) -> None:
    (tmp_path / "big.onnx").write_bytes(bytes((1 << 20) + 1))
    assert student.run("submit", str(tmp_path / "big.onnx"), "-c", "halves") == 4
    assert "big.onnx has 1.0 MB; this task accepts at most 1 MB" in student.err
    assert "save smaller weights" in student.err
    assert not Submission.objects.exists()


def test_a_lost_attempt_is_told(student: Shell, cast: Cast, competition: Competition) -> None:
    one = submit(cast.student, competition)
    evaluation_requeue(claim=claim_next(), error="disk full")
    assert student.run("submissions", one.public_id) == 0
    assert "When it starts can’t be said before a worker is online." in student.out
    assert "Attempt 2 of 3: the first was lost by a fault of ours" in student.out
    claim_next()
    assert student.run("submissions", one.public_id) == 0
    assert ": running (Attempt 2 of 3: " in student.out
