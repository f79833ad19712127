"""Many files out of one archive: which, where to, and what is refused."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from evaluators import source_members
from evaluators.errors import TaskError
from evaluators.source_members import members_matching, members_write
from evaluators.sources import sources_fetch
from evaluators.spec_source import Source
from tests.evaluators.test_sources import index, wheel

__all__ = ["index"]  # a fixture

FILES = {"facts/b/cs.po": b"two", "facts/a/sk.po": b"one", "facts/readme.md": b"not wanted"}
PATTERN = "facts/*.po"
LINES = (
    f"facts/a/sk.po {hashlib.sha256(b'one').hexdigest()}\n"
    f"facts/b/cs.po {hashlib.sha256(b'two').hexdigest()}\n"
)
DIGEST = hashlib.sha256(LINES.encode()).hexdigest()


def facts(folder: Path) -> Path:
    path = wheel(folder)
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return path


def source(archive: Path, **changes: str) -> Source:
    fields = {
        "package": "facts==1.0",
        "archive": "wheel",
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "members": PATTERN,
        "members_sha256": DIGEST,
        "name": "catalogues",
        "licence": "MIT",
    }
    return Source.model_validate({**fields, **changes})


def fetch(one: Source, into: Path) -> dict[str, bytes]:
    into.mkdir()
    sources_fetch([one], into=into, on_line=lambda line: None)
    return {
        path.relative_to(into).as_posix(): path.read_bytes()
        for path in into.rglob("*")
        if path.is_file()
    }


def test_members_are_written_under_their_paths(index: Path, tmp_path: Path) -> None:
    assert fetch(source(facts(index)), tmp_path / "raw") == {
        "catalogues/facts/a/sk.po": b"one",
        "catalogues/facts/b/cs.po": b"two",
    }


def test_another_digest_is_refused_and_nothing_is_written(index: Path, tmp_path: Path) -> None:
    one = source(facts(index), members_sha256="0" * 64)
    with pytest.raises(TaskError, match=f"facts==1.0: the 2 members have the sha256 {DIGEST}"):
        fetch(one, tmp_path / "raw")
    assert list((tmp_path / "raw").iterdir()) == []


def test_a_pattern_that_nothing_matches_is_named(index: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"0 members match other/\*\.po"):
        fetch(source(facts(index), members="other/*.po"), tmp_path / "raw")


@pytest.mark.parametrize("changes", [{"member": "facts/a/sk.po"}, {"members_sha256": None}])
def test_a_source_names_one_member_or_many(changes: dict[str, str | None], index: Path) -> None:
    fields = source(facts(index)).model_dump(exclude_unset=True) | changes
    fields = {name: value for name, value in fields.items() if value is not None}
    with pytest.raises(ValueError, match="member and member_sha256, or members and members_sha256"):
        Source.model_validate(fields)


def test_the_digest_depends_on_names_and_contents(tmp_path: Path) -> None:
    for contents in ({"a": b"one", "b": b"two"}, {"a": b"two", "b": b"one"}, {"a": b"onetwo"}):
        with pytest.raises(TaskError, match="sha256"):
            members_write(contents, contents.__getitem__, sha256=DIGEST, into=tmp_path / "out")


@pytest.mark.parametrize(
    "name",
    ["../x.po", "/x.po", "a/../../x.po", "a\\x.po", "C:x.po", "a//x.po", "./x.po", "a\nb.po",
     "e\u0301.po"],
)  # fmt: skip
def test_names_that_could_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(TaskError, match=r"a member's name is not (safe|in its plain form)"):
        members_matching([name], "*.po")


@pytest.mark.parametrize("names", [("a.po", "a.po"), ("a.po", "A.po")])
def test_two_members_of_one_name_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(TaskError, match="two have the same name"):
        members_matching(names, "*.po")


def test_folders_are_no_members() -> None:
    assert members_matching(["a.po/", "a.po/b.po"], "*.po*") == ["a.po/b.po"]


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_members, "MEMBERS", 2)
    assert members_matching(["b", "a"], "*") == ["a", "b"]
    with pytest.raises(TaskError, match="3 members match"):
        members_matching(["a", "b", "c"], "*")


def test_reading_ends_where_they_are_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_members, "TOTAL_BYTES", 5)
    read: list[str] = []

    def content(name: str) -> bytes:
        read.append(name)
        return b"four"

    with pytest.raises(TaskError, match="larger than"):
        members_write(["a", "b", "c"], content, sha256=DIGEST, into=tmp_path / "out")
    assert read == ["a", "b"] and not (tmp_path / "out").exists()
