"""Students who submit through the API, and try again when they get no answer."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from server.ids import public_id
from tests.chaos.uploads import Upload
from tests.chaos.world import Person

# What a client takes for "not now": everything else would be a refusal of what it sent.
NOT_NOW = {500, 502, 503, 504, 507}
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.3


class Refused(Exception):
    """The server did not take a submission.

    Attributes:
        status: the answer's status code.
        told: what it said.
    """

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"{status}: {told}")
        self.status = status
        self.told = told


class Students:
    """All students' access to one server.

    Args:
        address: of the server.
    """

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", timeout=60)

    def submit(
        self, person: Person, upload: Upload, *, competition: str, key: str | None = None
    ) -> str:
        """Submits once, however often it has to ask, and returns the submission's id.

        Args:
            person: who.
            upload: what.
            competition: where to.
            key: the Idempotency-Key; one of its own without it.

        Raises:
            Refused: the server says no, or has no answer for a minute.
        """
        key = key or public_id()
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.submit_once(person, upload, competition=competition, key=key)
            except Refused as refused:
                if refused.status not in NOT_NOW or time.monotonic() > until:
                    raise
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
            time.sleep(PAUSE_SECONDS)

    def submit_once(self, person: Person, upload: Upload, *, competition: str, key: str) -> str:
        """Submits, and does not ask again."""
        answer = self._client.post(
            f"/competitions/{competition}/submissions",
            files={"file": ("model.zip", upload.content)},
            headers={**_bearer(person), "Idempotency-Key": key},
        )
        if answer.status_code != httpx.codes.ACCEPTED:
            raise Refused(answer.status_code, answer.text[:500])
        return str(answer.json()["id"])

    def get(self, person: Person, path: str) -> Any:
        """What the API shows somebody."""
        answer = self._client.get(path, headers=_bearer(person))
        answer.raise_for_status()
        return answer.json()

    def cancel(self, person: Person, submission: str) -> None:
        """Cancels a submission."""
        path = f"/submissions/{submission}/cancel"
        self._client.post(path, headers=_bearer(person)).raise_for_status()

    @contextmanager
    def half_sent(
        self, person: Person, upload: Upload, *, competition: str, key: str
    ) -> Iterator[None]:
        """Inside, half of an upload has been sent, and nothing more comes."""
        request = self._client.build_request(
            "POST",
            f"/competitions/{competition}/submissions",
            files={"file": ("model.zip", upload.content)},
            headers={**_bearer(person), "Idempotency-Key": key},
        )
        body = request.read()
        head = f"{request.method} {request.url.raw_path.decode()} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in request.headers.items()
        )
        with socket.create_connection((request.url.host, request.url.port or 80)) as line:
            line.sendall(head.encode() + b"\r\n" + body[: len(body) // 2])
            yield

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()


def _bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}
