"""A folder to work in is made of what a server sends, however hostile that is."""

from pathlib import Path

import pytest

from springboard import Refused, Springboard, Unreachable, UsageError
from springboard import download as downloading
from springboard import unpack as unpacking
from springboard.remembered import Remembered, folder_find
from springboard.retries import Retries
from tests.client.scripted_server import Scripted, problem, scripted
from tests.client.zips import DATA, KIT, zip_of

NO_KIT = problem(404, "This task has no starter kit; its data and description are all there is.")


def download(folder: Path, *answers: Scripted, force: bool = False) -> str:
    with scripted(*answers) as server:
        board = Springboard(server.url, "t", retries=Retries(attempts=1))
        board.download("halves", folder, force=force)
        return server.url


def sent(kit: bytes = KIT, data: bytes = DATA) -> tuple[Scripted, Scripted]:
    return Scripted(200, kit), Scripted(200, data)


def files_of(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_kit_and_data_lie_in_one_folder(tmp_path: Path) -> None:
    server = download(tmp_path / "work", *sent())
    assert files_of(tmp_path / "work") == {
        "README.md", "task/task.toml", "data/practice.npz", "springboard.toml",
    }  # fmt: skip
    assert folder_find(tmp_path / "work") == Remembered(tmp_path / "work", server, "halves")
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_a_task_without_a_kit_gives_its_data(tmp_path: Path) -> None:
    download(tmp_path / "work", NO_KIT, Scripted(200, DATA))
    assert files_of(tmp_path / "work") == {"data/practice.npz", "springboard.toml"}


def test_another_404_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no such competition"):
        download(tmp_path / "work", problem(404, "There is no such competition."))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../out", "halves/../../out", "/etc/out", "C:/out", "halves\\..\\..\\out", "halves/a\x00b",
     "halves/CON", "halves/nul.txt", "halves/a:stream", "halves/dot.", "halves/blank ",
     "halves/what?", "halves/" + "x" * 300, "halves//x", "halves/COM1.py"],
)  # fmt: skip
@pytest.mark.parametrize("which", ["kit", "data"])
def test_a_name_that_could_do_harm_is_refused(tmp_path: Path, name: str, which: str) -> None:
    work = tmp_path / "a" / "work"
    hostile = zip_of({"halves/README.md": "x", name: "x"})
    with pytest.raises(Refused, match=f"the {which} was not unpacked, as it is not safe"):
        download(work, *(sent(kit=hostile) if which == "kit" else sent(data=hostile)))
    assert files_of(tmp_path) == set()
    assert not work.exists()


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o010666], ids=["link", "device", "pipe"])
def test_what_is_no_file_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Refused, match="not safe"):
        download(tmp_path / "work", *sent(kit=zip_of({"halves/x": "/etc/passwd"}, mode=mode)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "kit",
    [b"", b"<html>", KIT[:-30], KIT[:20], KIT[:48] + bytes([KIT[48] ^ 0xFF]) + KIT[49:]],
    ids=["empty", "html", "truncated", "head", "changed"],
)
def test_a_damaged_archive_is_refused(tmp_path: Path, kit: bytes) -> None:
    with pytest.raises(Refused, match="not safe"):
        download(tmp_path / "work", *sent(kit=kit))
    assert list(tmp_path.iterdir()) == []


def test_names_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="same name"):
        download(tmp_path / "work", *sent(kit=zip_of({"halves/a": "1", "halves/A": "2"})))


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zip_of({"data/zeros": bytes(8 << 20)})
    assert len(bomb) < 20_000
    with pytest.raises(Refused, match="unpacks to far more than it should"):
        download(tmp_path / "work", *sent(data=bomb))
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(unpacking, "UNPACKED_MB", 1)
    random = Path("/dev/urandom").open("rb").read(2 << 20)  # noqa: SIM115 - a device
    with pytest.raises(Refused, match="unpacks to far more than it should"):
        download(tmp_path / "work", *sent(data=zip_of({"data/noise": random})))


def test_an_endless_download_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "KIT_MB", 1)
    with pytest.raises(Refused, match="sends more than 1 MB"):
        download(tmp_path / "work", *sent(kit=bytes(2 << 20)))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        download(tmp_path / "work", Scripted(200, KIT), Scripted(500, b"oops"))
    assert list(tmp_path.iterdir()) == []


def test_a_kit_can_t_say_which_server_is_meant(tmp_path: Path) -> None:
    kit = zip_of({"halves/springboard.toml": 'server = "https://evil.example"', "halves/x": ""})
    server = download(tmp_path / "work", *sent(kit=kit))
    found = folder_find(tmp_path / "work")
    assert found is not None and found.server == server


def test_own_changes_are_not_overwritten(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "README.md").write_text("My notes.\n")
    (work / "mine.py").write_text("mine")
    with pytest.raises(UsageError, match=r"these would change: README\.md\. .* --force"):
        download(work, *sent())
    assert files_of(work) == {"README.md", "mine.py"}
    download(work, *sent(), force=True)
    assert (work / "README.md").read_text() == "Read me.\n"
    assert (work / "mine.py").read_text() == "mine"


def test_downloading_again_changes_nothing_and_brings_what_is_new(tmp_path: Path) -> None:
    work = tmp_path / "work"
    with scripted(*sent(), *sent(data=zip_of({"data/more.npz": "more"}))) as server:
        board = Springboard(server.url, "t")
        board.download("halves", work)
        board.download("halves", work)
    assert {"data/practice.npz", "data/more.npz"} <= files_of(work)


def test_a_folder_that_can_t_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be written"):
        download(tmp_path / "file" / "work", *sent())
