"""A large upload passes through the web process without growing it."""

import http.client
import re
import time
from pathlib import Path

import pytest

from server.accounts.services import token_create
from server.submissions.models import Submission
from server.submissions.storage import upload_path
from tests.server.cast import Cast, competition_make, task_version_make
from tests.server.processes import free_port, process, wait_for

MB = 1024 * 1024
UPLOAD_MB = 200
BOUNDARY = "boundary-of-the-test"
HEAD = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="file"; filename="model.zip"\r\n'
    "Content-Type: application/zip\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit_mb", [250, 150])
def test_memory_stays_flat(cast: Cast, tmp_path: Path, limit_mb: int) -> None:
    competition_make(cast.course, task_version=task_version_make(artifact_mb=limit_mb))
    token = token_create(user=cast.student, name="test").text
    port, log = free_port(), tmp_path / "web.log"
    with process(
        ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"],
        log=log,
        BIND=f"127.0.0.1:{port}",
    ) as web:
        wait_for(lambda: _answers(port), seconds=30, log=log)
        # What is loaded on first use is not the upload's doing.
        assert _upload(port, token, 1 * MB) == 202
        (worker,) = _children(web.pid)
        before = _peak_mb(worker)
        status = _upload(port, token, UPLOAD_MB * MB)
        rise = _peak_mb(worker) - before
    print(f"peak memory rose from {before:.1f} MB by {rise:.1f} MB")
    assert rise < 20
    if limit_mb > UPLOAD_MB:
        assert status == 202
        submission = Submission.objects.latest("id")
        assert upload_path(key=submission.storage_key).stat().st_size == UPLOAD_MB * MB
        upload_path(key=submission.storage_key).unlink()
    else:
        # The answer arrives although the upload is far beyond the limit.
        assert status == 413


def _upload(port: int, token: str, size: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("POST", "/api/v1/competitions/halves/submissions")
    connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(HEAD) + size + len(TAIL)))
    connection.endheaders()
    connection.send(HEAD)
    chunk = b"\x5a" * MB
    for _ in range(size // MB):
        connection.send(chunk)
    connection.send(TAIL)
    status = connection.getresponse().status
    connection.close()
    return status


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/api/v1/competitions")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    for _ in range(50):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if found:
            return [int(child) for child in found]
        time.sleep(0.1)
    raise AssertionError("gunicorn has no worker")


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
