from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from server.settings.storage_url import storage
from tests.services.bucket import Bucket


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with Bucket(tmp_path_factory.mktemp("bucket")) as server:
        yield server


@pytest.fixture
def bucket(
    bucket_server: Bucket,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Bucket:
    """The tests' storage is a bucket, and empty; this machine has no copy of anything."""
    monkeypatch.setenv("STORAGE_URL", bucket_server.url)
    chosen = storage("STORAGE_URL", "")
    settings.STORAGE = chosen
    settings.STORAGE_URL = chosen.shown
    settings.STORAGES = settings.STORAGES | {"default": chosen.backend}
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.COPIES_DIR = tmp_path / "copies"
    bucket_server.empty()
    return bucket_server
