"""A file is in the storage whole, or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile
from pytest_django import Settings

from server.storage.synced_files import SyncedFiles


@pytest.fixture
def storage(tmp_path: Path, settings: Settings) -> SyncedFiles:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = incoming
    return SyncedFiles(
        location=tmp_path, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )


def _all(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_only_its_owner_reads_it(storage: SyncedFiles, tmp_path: Path) -> None:
    assert storage.save("a/b/c", ContentFile(b"x")) == "a/b/c"
    assert (tmp_path / "a/b/c").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a/b").stat().st_mode & 0o777 == 0o700
    assert _all(tmp_path) == {"a/b/c"}


def test_an_upload_is_not_copied(storage: SyncedFiles, tmp_path: Path) -> None:
    upload = TemporaryUploadedFile("model.zip", "application/zip", 1, None)
    upload.write(b"x")
    before = Path(upload.temporary_file_path()).stat().st_ino
    storage.save("uploads/a", upload)
    upload.close()
    assert (tmp_path / "uploads/a").stat().st_ino == before
    assert (tmp_path / "uploads/a").read_bytes() == b"x"
    assert _all(tmp_path) == {"uploads/a"}


class _Breaks(ContentFile):  # type: ignore[type-arg]  # takes none when it runs
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")


def test_what_breaks_off_leaves_nothing(storage: SyncedFiles, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        storage.save("uploads/a", _Breaks(b""))
    assert _all(tmp_path) == set()


def test_of_two_with_one_name_none_is_lost(storage: SyncedFiles, tmp_path: Path) -> None:
    def save(number: int) -> str:
        content: File[bytes] = ContentFile(str(number).encode())
        return storage.save("results/same", content)

    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(save, range(40)))
    assert len(set(names)) == 40
    assert {(tmp_path / name).read_text() for name in names} == {str(n) for n in range(40)}
    listed = {file.key: file.size for file in storage.stored_files("results")}
    assert set(listed) == set(names)


def test_a_folder_that_is_not_there_has_nothing(storage: SyncedFiles) -> None:
    assert list(storage.stored_files("none")) == []
