"""An upload that is cut off, or finds no room, leaves nothing and costs nothing."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from evaluators.sandbox.bubblewrap import bubblewrap_find
from server.accounts.services import token_create
from server.submissions.models import Submission
from tests.server.cast import Cast, client_of, competition_make, task_version_make
from tests.server.processes import environment, free_port, kill_group, process, wait_for
from tests.services.bucket import Bucket

MB = 1024 * 1024
GUNICORN = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
PATH = "/api/v1/competitions/halves/submissions"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(cast: Cast) -> str:
    competition_make(cast.course, task_version=task_version_make(artifact_mb=50))
    return token_create(user=cast.student, name="test").text


@contextmanager
def _web(folder: Path, **changes: str) -> Iterator[str]:
    port, log = free_port(), folder / "web.log"
    with process(GUNICORN, log=log, BIND=f"127.0.0.1:{port}", **changes):
        wait_for(lambda: _answers(port), seconds=60, log=log)
        yield f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/v1/competitions").status_code == 200
    except httpx.HTTPError:
        return False


def _post(address: str, token: str, size: int) -> httpx.Response:
    return httpx.post(
        address + PATH,
        headers={"Authorization": f"Bearer {token}"},
        files={"file": ("model.zip", b"x" * size)},
        timeout=60,
    )


def _files(storage: Path) -> list[Path]:
    return [path for path in storage.rglob("*") if path.is_file()]


def _cut(address: str, token: str) -> None:
    """Announces more than it sends, and breaks the connection in the middle."""
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {20 * MB}\r\n\r\n"
        '--cut\r\nContent-Disposition: form-data; name="file"; filename="model.zip"\r\n\r\n'
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + b"x" * (5 * MB))
        time.sleep(0.2)


def test_one_that_is_cut_off(token: str, cast: Cast, tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    with _web(tmp_path, STORAGE_URL=f"file://{storage}") as address:
        for _ in range(3):
            _cut(address, token)
        wait_for(lambda: not _files(storage), seconds=30, log=tmp_path / "web.log")
        assert _post(address, token, MB).status_code == 202
        # On a busy machine the server may only now come to one that was cut off.
        wait_for(lambda: len(_files(storage)) == 1, seconds=30, log=tmp_path / "web.log")
    assert [path.parent.name for path in _files(storage)] == ["uploads"]
    assert Submission.objects.count() == 1


@pytest.mark.sandbox
def test_one_that_finds_no_room(token: str, cast: Cast, tmp_path: Path) -> None:
    storage, port, log = tmp_path / "storage", free_port(), tmp_path / "web.log"
    storage.mkdir()
    small = _on_a_small_disk(storage, 4 * MB, log, port)
    try:
        wait_for(lambda: _answers(port), seconds=60, log=log)
        address = f"http://127.0.0.1:{port}"
        for _ in range(2):
            refused = _post(address, token, 10 * MB)
            assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
            assert "nothing counts against your limits" in refused.json()["detail"]
        # What was refused takes no room.
        assert _post(address, token, 3 * MB).status_code == 202
        assert _post(address, token, 2 * MB).status_code == 507
    finally:
        kill_group(small)
    assert Submission.objects.count() == 1
    quota = client_of(cast.student).get("/api/v1/competitions/halves").json()["quota"]
    assert (quota["used"], quota["invalid_used"]) == (1, 0)


def _on_a_small_disk(folder: Path, size: int, log: Path, port: int) -> "subprocess.Popen[bytes]":
    found = bubblewrap_find()
    assert found is not None
    return subprocess.Popen(
        [
            *(str(found.path), "--dev-bind", "/", "/", "--size", str(size)),
            *("--tmpfs", str(folder), "--die-with-parent", "--"),
            *(sys.executable, "-m", *GUNICORN),
        ],
        env=environment(STORAGE_URL=f"file://{folder}", BIND=f"127.0.0.1:{port}"),
        stdout=log.open("ab"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def test_one_whose_bucket_does_not_answer(
    bucket: Bucket, token: str, cast: Cast, tmp_path: Path
) -> None:
    with _web(tmp_path, STORAGE_URL=bucket.url) as address:
        assert _post(address, token, MB).status_code == 202
        kept = bucket.keys()
        refused = _refused_by_a_bucket_that_is_gone(address, token, bucket)
    assert (refused.status_code, refused.json()["code"]) == (503, "storage_away")
    assert Submission.objects.count() == 1 and len(kept) == 1


def _refused_by_a_bucket_that_is_gone(address: str, token: str, bucket: Bucket) -> httpx.Response:
    bucket.stop()
    try:
        return _post(address, token, MB)
    finally:
        bucket.start()
