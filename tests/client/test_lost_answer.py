"""A connection that breaks after the server took a submission: it is there once."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from server.accounts.services import token_create
from server.submissions.models import Submission
from springboard import Springboard
from springboard.retries import Retries
from tests.server.cast import cast_make, competition_make


class LossyProxy(ThreadingHTTPServer):
    """Passes all on, and loses the first answers to what is posted."""

    def __init__(self, target: str, losses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.losses = losses
        self.statuses: list[int] = []


class _Handler(BaseHTTPRequestHandler):
    server: LossyProxy

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        answer = httpx.request(
            self.command, self.server.target + self.path, headers=headers, content=body, timeout=30
        )
        if self.command == "POST":
            self.server.statuses.append(answer.status_code)
            if len(self.server.statuses) <= self.server.losses:
                self.close_connection = True
                return
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _pass_on

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def proxy(live_server: LiveServer) -> Iterator[LossyProxy]:
    server = LossyProxy(live_server.url, losses=2)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.django_db(transaction=True)
def test_it_is_submitted_once(proxy: LossyProxy, tmp_path: Path) -> None:
    cast = cast_make()
    competition_make(cast.course, daily_limit=1)
    (tmp_path / "model.joblib").write_bytes(b"weights")
    board = Springboard(
        f"http://127.0.0.1:{proxy.server_address[1]}",
        token_create(user=cast.student, name="test").text,
        retries=Retries(first_seconds=0.01),
    )
    sent = board.submit("model.joblib", competition="halves", message="once")
    # The server took it three times and knew it twice; a second one would be over the day's limit.
    assert proxy.statuses == [202, 202, 202]
    assert Submission.objects.get().public_id == sent.id
    assert [one.id for one in board.submissions("halves")] == [sent.id]
