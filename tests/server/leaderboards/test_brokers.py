"""The doorbell with each broker: it rings, and a submission outlives its loss."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from server.accounts.services import token_create
from server.submissions.models import Worker
from tests.server.cast import Cast, client_of
from tests.server.leaderboards.living import (
    competition_live,
    ended,
    show,
    worker_environment,
    zipped,
)
from tests.server.processes import free_port, process, wait_for
from tests.server.tiny_task import MODEL
from tests.services.known import need
from tests.services.service import Service

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.sandbox,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
]

WEB = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
WORKER = ["manage", "worker"]
# So rarely that only a ring can be what a worker follows.
NEVER = "3600"
# A broker that is down may cost whoever submits as long as its time limits, no longer.
PATIENCE_SECONDS = 8


class Site:
    """A web server and a worker of their own beside a broker, and a student of theirs."""

    def __init__(self, client: APIClient, address: str, token: str, log: Path) -> None:
        self.client, self.address, self.token, self.log = client, address, token, log

    def submit(self) -> str:
        response = httpx.post(
            f"{self.address}/api/v1/competitions/halves/submissions",
            headers={"Authorization": f"Bearer {self.token}"},
            files={"file": ("model.zip", zipped(MODEL))},
            timeout=PATIENCE_SECONDS,
        )
        assert response.status_code == 202, response.text
        public_id: str = response.json()["id"]
        return public_id

    def judged(self, *ids: str) -> None:
        wait_for(lambda: ended(self.client, *ids), seconds=90, log=self.log)
        assert {str(show(self.client, one)["verdict"]) for one in ids} == {"scored"}


@contextmanager
def _site(
    cast: Cast, folder: Path, settings: Settings, *, broker: str, sweep: str
) -> Iterator[Site]:
    competition_live(cast.course, folder, settings)
    token = token_create(user=cast.student, name="test").text
    port, log = free_port(), folder / "processes.log"
    changes = worker_environment(settings) | {
        "BROKER_URL": broker,
        "BIND": f"127.0.0.1:{port}",
        "SPRINGBOARD_SWEEP_SECONDS": sweep,
    }
    with process(WEB, log=log, **changes), process(WORKER, log=log, **changes):
        site = Site(client_of(cast.student), f"http://127.0.0.1:{port}", token, log)
        wait_for(lambda: _answers(site) and Worker.objects.exists(), seconds=60, log=log)
        yield site


def _answers(site: Site) -> bool:
    try:
        return httpx.get(f"{site.address}/api/v1/competitions").status_code < 500
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("name", ["filesystem", "redis", "rabbitmq"])
def test_a_ring_alone_makes_a_worker_judge(
    name: str, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    if name == "filesystem":
        with _site(cast, tmp_path, settings, broker="filesystem://", sweep=NEVER) as site:
            site.judged(site.submit())
        return
    with (
        need(name)(tmp_path / name) as service,
        _site(cast, tmp_path, settings, broker=service.url, sweep=NEVER) as site,
    ):
        site.judged(site.submit())


@pytest.mark.parametrize("name", ["redis", "rabbitmq"])
def test_what_is_submitted_without_a_broker_is_judged_after_its_return(
    name: str, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    with (
        need(name)(tmp_path / name) as service,
        _site(cast, tmp_path, settings, broker=service.url, sweep="2") as site,
    ):
        site.judged(site.submit())
        service.pause()
        frozen = site.submit()
        service.resume()
        site.judged(frozen)
        service.kill()
        down = [site.submit(), site.submit()]
        assert not ended(site.client, *down)
        _lose(service)
        site.judged(*down)
        assert "guest:guest" not in site.log.read_text()


def _lose(service: Service) -> None:
    """Starts a broker again that knows nothing of what it knew."""
    shutil.rmtree(service.folder / "data", ignore_errors=True)
    service.start()
