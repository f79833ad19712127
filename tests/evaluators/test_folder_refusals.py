"""A folder as an upload: links and special files are refused, never followed."""

import os
import socket
from pathlib import Path

import pytest

from evaluators.artifact import artifact_unpack
from evaluators.errors import SubmissionError
from evaluators.folder import folder_members
from evaluators.messages import Message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "submission"
    root.mkdir()
    (root / "model.py").write_text("class Model: ...")
    return root


def refusal(folder: Path, *, limit_mb: int = 5) -> Message:
    into = folder.parent / "tree"
    with pytest.raises(SubmissionError) as caught:
        artifact_unpack(folder, into, filename=folder.name, limit_mb=limit_mb)
    assert not into.exists()
    return caught.value.message


@pytest.mark.parametrize("target", ["/etc/passwd", "model.py", "missing"])
def test_it_refuses_a_symlink(folder: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    message = refusal(folder)
    assert message.code == "special_file"
    assert "symbolic link" in message.text


def test_it_refuses_a_symlink_to_a_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/labels.npz").write_text("labels")
    (folder / "link").symlink_to(tmp_path / "secret")
    assert refusal(folder).code == "special_file"


def test_it_refuses_a_hard_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("labels")
    (folder / "link").hardlink_to(tmp_path / "outside")
    message = refusal(folder)
    assert message.code == "special_file"
    assert "hard link" in message.text


def test_it_refuses_a_pipe_without_waiting_for_it(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert refusal(folder).code == "special_file"


def test_it_refuses_a_socket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert refusal(folder).code == "special_file"


def test_it_refuses_a_file_that_became_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("labels")
    [member] = folder_members(folder)
    (folder / "model.py").unlink()
    (folder / "model.py").symlink_to(tmp_path / "secret")
    with pytest.raises(SubmissionError, match="changed"):
        list(member.chunks())


def test_it_refuses_a_file_that_became_another(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("labels")
    [member] = folder_members(folder)
    (tmp_path / "secret").rename(folder / "model.py")
    with pytest.raises(SubmissionError, match="changed"):
        list(member.chunks())


def test_it_refuses_a_file_whose_folder_became_a_link(folder: Path, tmp_path: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/w.bin").write_text("weights")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/w.bin").write_text("labels")
    [member] = (m for m in folder_members(folder) if m.name == "sub/w.bin")
    (folder / "sub/w.bin").unlink()
    (folder / "sub").rmdir()
    (folder / "sub").symlink_to(tmp_path / "secret")
    with pytest.raises(SubmissionError, match="changed"):
        list(member.chunks())


@pytest.mark.parametrize("name", [b"a\\b", b"a\nb", b"a\xffb", b"c:x"])
def test_it_refuses_an_unsafe_name(folder: Path, name: bytes) -> None:
    Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text("x")
    assert refusal(folder).code == "unsafe_path"


def test_it_refuses_names_that_differ_in_case_only(folder: Path) -> None:
    (folder / "MODEL.py").write_text("x")
    assert refusal(folder).code == "duplicate_name"


def test_it_refuses_folders_that_differ_in_case_only(folder: Path) -> None:
    for name in ("data", "Data"):
        (folder / name).mkdir()
    assert refusal(folder).code == "duplicate_name"


def test_it_refuses_a_folder_that_is_too_deep(folder: Path) -> None:
    folder.joinpath(*["d"] * 33).mkdir(parents=True)
    assert refusal(folder).code == "unsafe_path"


def test_it_refuses_more_than_a_thousand_files_and_folders(folder: Path) -> None:
    for number in range(500):
        (folder / f"{number}").mkdir()
        (folder / f"{number}/x").touch()
    assert refusal(folder).code == "too_many_members"


def test_it_does_not_look_into_junk(folder: Path) -> None:
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/link").symlink_to("/etc/passwd")
    artifact = artifact_unpack(folder, folder.parent / "tree", filename="f", limit_mb=1)
    assert artifact.files == 1


def test_it_refuses_more_than_the_limit(folder: Path) -> None:
    (folder / "w.bin").write_bytes(bytes(1024 * 1024))
    assert refusal(folder, limit_mb=1).code == "unpacks_too_large"


def test_it_counts_a_file_that_grows_while_it_is_read(folder: Path) -> None:
    [member] = folder_members(folder)
    (folder / "model.py").write_bytes(bytes(200_000))
    assert sum(map(len, member.chunks())) == 200_000 > member.size


def test_it_refuses_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    assert refusal(tmp_path / "submission").code == "empty_upload"
