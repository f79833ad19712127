"""Diagnostics at home: shown, and kept as one JSON file and pictures."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from server.accounts.services import token_create
from server.competitions.models import Competition
from springboard import Springboard
from springboard.cli import main
from springboard.errors import NotLoggedIn, Refused, Unreachable, UsageError
from tests.client.scripted_server import Scripted, found, scripted
from tests.server.cast import Cast, cast_make, competition_make
from tests.server.judging import judged, report_scored
from tests.server.told import report_told, told_bars, told_texts

TOLD: dict[str, Any] = {
    "name": "confusion",
    "title": "Confusion",
    "split": "public",
    "caption": "Rows are true.",
    "data": {"columns": ["class", "%"], "rows": [["dog", 3]], "notes": []},
    "picture": "http://evil.example/x.png",
}
PNG = Scripted(200, b"\x89PNG\r\n\x1a\nrest", {"Content-Type": "image/png"})


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_make()


@pytest.fixture
def competition(cast: Cast) -> Competition:
    return competition_make(cast.course)


@pytest.fixture
def board(live_server: LiveServer, cast: Cast) -> Springboard:
    return Springboard(live_server.url, token_create(user=cast.student, name="test").text)


def test_they_are_kept_as_the_server_has_them(
    board: Springboard, cast: Cast, competition: Competition, tmp_path: Path
) -> None:
    public_id = judged(cast.student, competition, report_told()).submission.public_id
    files = board.diagnostics_save(public_id, tmp_path / "kept" / "here")
    assert [path.name for path in files] == ["diagnostics.json", "error_by_stratum.png"]
    assert files[1].read_bytes() == told_bars().picture
    kept = json.loads(files[0].read_text())
    assert kept["submission"] == public_id
    texts, bars = kept["diagnostics"]
    assert (texts["picture"], bars["picture"]) == (None, "error_by_stratum.png")
    assert bars["data"] == told_bars().data
    assert len(texts["data"]["rows"]) == len(told_texts().data["rows"])
    assert board.diagnostics_save(public_id, tmp_path / "kept" / "here") == files


def test_those_of_others_are_not_to_be_had(
    board: Springboard, cast: Cast, competition: Competition, live_server: LiveServer
) -> None:
    public_id = judged(cast.student, competition, report_told()).submission.public_id
    classmate = Springboard(live_server.url, token_create(user=cast.classmate, name="x").text)
    with pytest.raises(Refused, match="no such submission"):
        classmate.diagnostics(public_id)
    with pytest.raises(NotLoggedIn):
        Springboard(live_server.url, "sb_wrong").diagnostics(public_id)


def test_the_command_shows_and_keeps_them(
    board: Springboard,
    cast: Cast,
    competition: Competition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SPRINGBOARD_SERVER", board.server)
    monkeypatch.setenv("SPRINGBOARD_TOKEN", token_create(user=cast.student, name="cli").text)
    words = ["diagnostics", "-c", "halves"]
    assert main(words) == 2
    assert "not submitted anything yet" in capsys.readouterr().err
    judged(cast.student, competition, report_scored(0.5))
    assert main(words) == 0
    assert "There are none" in capsys.readouterr().out
    judged(cast.student, competition, report_told())
    assert main(words) == 0
    said = capsys.readouterr()
    assert "Error by half (public split, groups only)" in said.out
    assert "half   units, in tens  percent wrong\nleft               20             12" in said.out
    assert "... and 58 more rows" in said.out and "--out FOLDER" in said.err
    assert main([*words, "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == [
        "texts",
        "error_by_stratum",
    ]
    assert main([*words, "--out", str(tmp_path / "kept")]) == 0
    assert "diagnostics.json, error_by_stratum.png" in capsys.readouterr().out
    assert (tmp_path / "kept" / "error_by_stratum.png").read_bytes() == told_bars().picture


def test_a_picture_is_not_got_from_where_a_server_points(tmp_path: Path) -> None:
    with scripted(found({"results": [TOLD]}), PNG) as server:
        Springboard(server.url, "sb_token").diagnostics_save("abc", tmp_path)
        asked = [request.path for request in server.received]
    assert asked == [
        "/api/v1/submissions/abc/diagnostics",
        "/api/v1/submissions/abc/diagnostics/confusion.png",
    ]


@pytest.mark.parametrize("name", ["../confusion", "con", "nul", "a/b", "", "x" * 41, "A"])
def test_a_name_that_is_no_file_s_is_refused(name: str, tmp_path: Path) -> None:
    with (
        scripted(found({"results": [TOLD | {"name": name}]}), PNG) as server,
        pytest.raises(Unreachable, match="does not answer as a Springboard"),
    ):
        Springboard(server.url, "sb_token").diagnostics_save("abc", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_picture_is_not_kept(tmp_path: Path) -> None:
    with (
        scripted(found({"results": [TOLD]}), Scripted(200, b"<svg/>")) as server,
        pytest.raises(Unreachable, match="is no PNG"),
    ):
        Springboard(server.url, "sb_token").diagnostics_save("abc", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_ragged_table_is_refused() -> None:
    ragged = TOLD | {"data": {"columns": ["class", "%"], "rows": [["dog"]], "notes": []}}
    with (
        scripted(found({"results": [ragged]})) as server,
        pytest.raises(Unreachable, match="one cell for each column"),
    ):
        Springboard(server.url, "sb_token").diagnostics("abc")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with (
        scripted(found({"results": [TOLD]}), PNG) as server,
        pytest.raises(UsageError, match="can't be written"),
    ):
        Springboard(server.url, "sb_token").diagnostics_save("abc", tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"
