from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from evaluators.sandbox.docker.backend import Docker
from evaluators.sandbox.docker.engine import engine_connect
from evaluators.sandbox.docker.ownership import PROCESS_LABEL, labels
from tests.evaluators.backends import backend

# Of this process: other tests may use the same engine.
OURS = {"label": f"{PROCESS_LABEL}={labels(0)[PROCESS_LABEL]}"}


@pytest.fixture(params=["docker+runc", "docker+runsc"])
def docker(request: pytest.FixtureRequest) -> Docker:
    found = backend(request.param)
    assert isinstance(found, Docker)
    return found


@pytest.fixture
def runc() -> Docker:
    found = backend("docker+runc")
    assert isinstance(found, Docker)
    return found


@pytest.fixture
def api(runc: Docker) -> Iterator[APIClient]:
    """The engine, with nothing of ours left in it after the test."""
    client = engine_connect().api
    yield client
    assert containers(client) == []
    assert volumes(client) == []
    client.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to show: a file that only we may read, one below it with two names, and a link."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "inner.txt").write_text("inner")
    (tmp_path / "twice.txt").hardlink_to(tmp_path / "below" / "inner.txt")
    (tmp_path / "file.txt").write_text("outer")
    (tmp_path / "file.txt").chmod(0o600)
    (tmp_path / "link").symlink_to("/etc/passwd")
    return tmp_path


def containers(api: APIClient) -> list[str]:
    return [str(found["Id"]) for found in api.containers(all=True, filters=OURS)]


def volumes(api: APIClient) -> list[str]:
    return [str(found["Name"]) for found in api.volumes(filters=OURS).get("Volumes") or []]
