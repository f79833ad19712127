"""Real processes: every line of their logs is an object, and probes come by an address."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.processes import free_port, process, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def objects(log: Path) -> list[dict[str, Any]]:
    lines = log.read_text().splitlines()
    # Celery says so past any log, when a worker is told to end.
    return [json.loads(line) for line in lines if line and not line.startswith("worker: ")]


def test_the_web_process_tells_machines(tmp_path: Path) -> None:
    log, port = tmp_path / "web.log", free_port()
    arguments = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
    address = f"http://127.0.0.1:{port}"
    with process(arguments, log=log, BIND=f"127.0.0.1:{port}", LOG_FORMAT="json", ACCESS_LOG="1"):
        wait_for(lambda: "Booting worker" in log.read_text(), seconds=60, log=log)
        alive = httpx.get(f"{address}/healthz", headers={"Host": "10.1.2.3"}, timeout=30)
        assert alive.text == "ok\n"
        assert httpx.get(f"{address}/readyz", timeout=30).status_code == 200
        assert "springboard_stuck" in httpx.get(f"{address}/metrics", timeout=30).text
        httpx.get(f"{address}/join/abcd-efgh/?x=typed", timeout=30)
        wait_for(lambda: "/join/" in log.read_text(), seconds=30, log=log)
    lines = objects(log)
    assert {line["logger"] for line in lines} >= {"gunicorn.error", "gunicorn.access"}
    (line,) = [line for line in lines if "/healthz" in line["message"]]
    assert alive.headers["X-Request-ID"] in line["message"]
    assert "abcd-efgh" not in log.read_text() and "typed" not in log.read_text()


def test_a_worker_tells_machines(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with process(["manage", "worker"], log=log, LOG_FORMAT="json") as worker:
        wait_for(lambda: " ready." in log.read_text(), seconds=60, log=log)
        worker.terminate()
        worker.wait(60)
    lines = objects(log)
    assert any("Judges in" in line["message"] or "can't judge" in line["message"] for line in lines)
    assert any(line["logger"].startswith("celery") for line in lines)
