from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from server.settings.storage_url import StorageChosen, storage


def _chosen(monkeypatch: pytest.MonkeyPatch, url: str) -> StorageChosen:
    monkeypatch.setenv("STORAGE_URL", url)
    return storage("STORAGE_URL", "")


def _options(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    options: dict[str, Any] = _chosen(monkeypatch, url).backend["OPTIONS"]
    return options


def test_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = _chosen(monkeypatch, "file:///srv/spring%20board")
    assert chosen.folder == Path("/srv/spring board")
    assert chosen.backend["OPTIONS"]["location"] == chosen.folder


def test_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "s3://ada:p%2Fss%40+word@minio.example.org:9000/spring?tls=0"
    chosen = _chosen(monkeypatch, url)
    assert chosen.folder is None
    assert chosen.shown == "s3://minio.example.org:9000/spring"
    assert chosen.backend["OPTIONS"] == {
        "bucket_name": "spring",
        "access_key": "ada",
        "secret_key": "p/ss@+word",
        "endpoint_url": "http://minio.example.org:9000",
        "region_name": "us-east-1",
        "addressing_style": "path",
    }


def test_tls_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _options(monkeypatch, "s3://host/b")["endpoint_url"] == "https://host"
    assert _options(monkeypatch, "s3://[::1]:9/b")["endpoint_url"] == "https://[::1]:9"


def test_amazons_own_with_the_machines_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _options(monkeypatch, "s3:///spring?region=eu-central-1&addressing=virtual")
    assert (found["endpoint_url"], found["region_name"]) == (None, "eu-central-1")
    assert (found["access_key"], found["secret_key"]) == (None, None)
    assert found["addressing_style"] == "virtual"


@pytest.mark.parametrize(
    "url",
    [
        "/srv/storage",
        "ftp://host/bucket",
        "file://",
        "file:///",
        "file://host/folder",
        "s3://bucket",
        "s3://host/",
        "s3://host/bucket/folder",
        "s3://hidden-key@host/bucket",
        "s3://key:hidden-secret@host/bucket?tls=perhaps",
        "s3://key:hidden-secret@host/bucket?acl=public",
        "s3://key:hidden-secret@host/bucket?addressing=odd",
        "s3://key:hidden-secret@host:many/bucket",
        "s3://key:hidden-/secret@host/bucket",
        "s3://key:hidden-secret@[host/bucket",
    ],
)
def test_another_one_is_refused_by_the_variables_name_and_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="^STORAGE_URL .*") as refused:
        _chosen(monkeypatch, url)
    assert "hidden" not in str(refused.value)
