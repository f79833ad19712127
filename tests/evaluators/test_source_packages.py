"""Source packages are fetched from where pip looks, opened as archives, and none of them runs."""

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from evaluators import source_archives, source_packages
from evaluators.errors import InfrastructureError, TaskError
from evaluators.source_archives import SourcePackage
from evaluators.sources import sources_fetch
from evaluators.spec_source import Source
from tests.evaluators.test_sources import index

__all__ = ["index"]  # a fixture

DATA = b"good film\tpositive\n"
NAME = "facts-1.0.tar.gz"


def packed(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def plain(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def link(name: str, to: str, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info, b""


def facts(marker: Path) -> bytes:
    """A source package that tells, by a file, when its code is run."""
    return packed(
        plain("facts-1.0/setup.py", f"open({str(marker)!r}, 'w').close()\n".encode()),
        plain("facts-1.0/PKG-INFO", b"Metadata-Version: 2.1\nName: facts\nVersion: 1.0\n"),
        plain("facts-1.0/data.csv", DATA),
        plain("facts-1.0/more.tar.gz", packed(plain("inner/data.csv", b"inner"))),
    )


def source(content: bytes, **changes: str) -> Source:
    fields = {
        "package": "facts==1.0",
        "archive": "sdist",
        "sha256": hashlib.sha256(content).hexdigest(),
        "member": "facts-1.0/data.csv",
        "member_sha256": hashlib.sha256(DATA).hexdigest(),
        "name": "raw.csv",
        "licence": "MIT",
    }
    return Source.model_validate({**fields, **changes})


def fetch(one: Source, tmp_path: Path) -> bytes:
    into = tmp_path / "raw"
    into.mkdir()
    sources_fetch([one], into=into, on_line=lambda line: None)
    return (into / "raw.csv").read_bytes()


def test_a_member_is_taken_and_no_code_is_run(index: Path, tmp_path: Path) -> None:
    marker = tmp_path / "it ran"
    content = facts(marker)
    (index / NAME).write_bytes(content)
    assert fetch(source(content), tmp_path) == DATA
    assert not marker.exists()


def test_a_member_of_a_tar_inside_is_taken(index: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    (index / NAME).write_bytes(content)
    digest = hashlib.sha256(b"inner").hexdigest()
    one = source(content, member="facts-1.0/more.tar.gz//inner/data.csv", member_sha256=digest)
    assert fetch(one, tmp_path) == b"inner"


def test_many_members_are_taken(index: Path, tmp_path: Path) -> None:
    content = packed(plain("facts-1.0/a.po", b"one"), plain("facts-1.0/b.po", b"two"))
    (index / NAME).write_bytes(content)
    lines = "".join(
        f"facts-1.0/{name}.po {hashlib.sha256(text).hexdigest()}\n"
        for name, text in (("a", b"one"), ("b", b"two"))
    )
    fields = source(content).model_dump(exclude={"member", "member_sha256"})
    one = Source.model_validate(
        fields | {"members": "*.po", "members_sha256": hashlib.sha256(lines.encode()).hexdigest()}
    )
    sources_fetch([one], into=tmp_path, on_line=lambda line: None)
    assert (tmp_path / "raw.csv" / "facts-1.0" / "b.po").read_bytes() == b"two"


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder behind an index of packages, of which pip is told by the environment."""
    folder = tmp_path / "web"
    (folder / "simple" / "facts").mkdir(parents=True)
    (folder / "files").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        yield folder
        server.shutdown()


def offer(web: Path, content: bytes, fragment: str = "") -> None:
    (web / "files" / NAME).write_bytes(content)
    page = web / "simple" / "facts" / "index.html"
    page.write_text(f'<!DOCTYPE html><a href="../../files/{NAME}{fragment}">{NAME}</a>')


@pytest.mark.parametrize("told", [True, False])
def test_it_comes_from_the_index_that_pip_is_told_of(told: bool, web: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    offer(web, content, f"#sha256={hashlib.sha256(content).hexdigest()}" if told else "")
    assert fetch(source(content), tmp_path) == DATA


def test_an_index_with_another_digest_has_it_not(web: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    offer(web, content, f"#sha256={'0' * 64}")
    with pytest.raises(InfrastructureError, match="facts==1.0 .*: no source package of it has the"):
        fetch(source(content), tmp_path)


def test_a_file_with_another_digest_is_refused(web: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    offer(web, content + b"\0", f"#sha256={hashlib.sha256(content).hexdigest()}")
    with pytest.raises(InfrastructureError, match="it has the sha256"):
        fetch(source(content), tmp_path)
    assert list((tmp_path / "raw").iterdir()) == []


def test_a_download_that_is_too_large_breaks_off(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = facts(tmp_path / "it ran")
    offer(web, content)
    monkeypatch.setattr(source_packages, "ARCHIVE_BYTES", len(content) - 1)
    with pytest.raises(InfrastructureError, match="it is larger than"):
        fetch(source(content), tmp_path)


def test_a_file_that_is_gone_is_our_fault(web: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    offer(web, content)
    (web / "files" / NAME).unlink()
    with pytest.raises(InfrastructureError, match="404"):
        fetch(source(content), tmp_path)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_package_that_is_not_there_is_named(version: str, index: Path, tmp_path: Path) -> None:
    content = facts(tmp_path / "it ran")
    (index / "facts-3.0.tar.gz").write_bytes(content)
    one = source(content, package=f"facts=={version}")
    with pytest.raises(InfrastructureError, match=f"facts=={version} .*: no index has a source"):
        fetch(one, tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed(plain("other", b"")), "there is no member wanted"),
        (packed(link("wanted", "/etc/hostname", tarfile.SYMTYPE)), "wanted is not a plain file"),
        (
            packed(plain("other", b"x"), link("wanted", "other", tarfile.LNKTYPE)),
            "wanted is not a plain file",
        ),
        (packed(link("wanted", "", tarfile.FIFOTYPE)), "wanted is not a plain file"),
        (packed(link("wanted", "", tarfile.DIRTYPE)), "wanted is not a plain file"),
        (packed(plain("wanted", b"1"), plain("wanted", b"2")), "wanted is there twice"),
        (b"not an archive", "can't be read: Not a gzipped file"),
        (gzip.compress(b"not a tar" * 200), "can't be read"),
        (packed(plain("wanted", bytes(range(256)) * 400))[:-300], "can't be read"),
        (b"", "can't be read"),
    ],
)
def test_an_archive_that_is_not_as_told_is_the_authors_fault(content: bytes, reason: str) -> None:
    with pytest.raises(TaskError, match=reason):
        SourcePackage(content).contents(["wanted"])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(plain("other", bytes(4 << 20)), plain("wanted", DATA))
    assert SourcePackage(bomb).contents(["wanted"]) == {"wanted": DATA}
    monkeypatch.setattr(source_archives, "TAR_BYTES", 1 << 20)
    for wanted in ("wanted", "other"):
        with pytest.raises(TaskError, match="the archive is larger than 1 MB unpacked"):
            SourcePackage(bomb).contents([wanted])


def test_a_member_that_claims_to_be_huge_is_not_waited_for() -> None:
    info = tarfile.TarInfo("wanted")
    info.size = 1 << 40
    with pytest.raises(TaskError, match="can't be read: unexpected end of data"):
        SourcePackage(gzip.compress(info.tobuf() + DATA)).contents(["wanted"])


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(*(plain(f"member{number}", b"") for number in range(4)))
    assert len(SourcePackage(content).names()) == 4
    monkeypatch.setattr(source_archives, "TAR_MEMBERS", 3)
    with pytest.raises(TaskError, match="more than 3 members"):
        SourcePackage(content).names()


@pytest.mark.parametrize("member", ["a.tar.gz//b.tar.gz//c", "/etc/hostname", "folder/", ""])
def test_a_member_is_named_plainly(member: str) -> None:
    with pytest.raises(ValueError, match="member"):
        source(b"", member=member)
