"""The demonstration's side of the public API: what any program of a student's could do."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(30.0, read=60.0)
START_SECONDS = 60
POLL_SECONDS = 0.25


class ApiError(Exception):
    """The server did not do what was asked; says what it answered.

    Attributes:
        status: the answer's status code; 0 where there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """The API as one person uses it.

    Attributes:
        server: address of the server.
        token: the person's token.
    """

    server: str
    token: str

    def join(self, invite_code: str) -> None:
        """Joins a course."""
        self._ask("POST", "courses/join", json={"invite_code": invite_code})

    def submit(self, competition: str, path: Path, message: str) -> str:
        """Submits a file and returns the submission's id.

        The same file is submitted once only: the key makes the server answer with the first one.
        """
        return self.submit_bytes(competition, path.name, path.read_bytes(), message)

    def submit_bytes(self, competition: str, filename: str, content: bytes, message: str) -> str:
        """Submits a file's content; see `submit`."""
        answer = self._ask(
            "POST",
            f"competitions/{competition}/submissions",
            headers={"Idempotency-Key": hashlib.sha256(content).hexdigest()},
            files={"file": (filename, content)},
            data={"message": message},
        )
        return str(answer["id"])

    def submission(self, submission: str) -> dict[str, Any]:
        """Shows a submission."""
        return self._ask("GET", f"submissions/{submission}")

    def cancel(self, submission: str) -> None:
        """Cancels a submission."""
        self._ask("POST", f"submissions/{submission}/cancel")

    def leaderboard(self, competition: str) -> list[dict[str, Any]]:
        """Returns all rows of a board."""
        rows: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            params = {"cursor": cursor} if cursor else {}
            page = self._ask("GET", f"competitions/{competition}/leaderboard", params=params)
            rows += page["results"]
            if not (cursor := page["next"]):
                return rows

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return ask(self.server, method, path, headers=headers, **options)


def log_in(server: str, username: str, password: str) -> Api:
    """Obtains a token with a password."""
    credentials = {"username": username, "password": password, "name": "demo"}
    return Api(server, str(ask(server, "POST", "tokens", json=credentials)["token"]))


def server_wait(server: str, gone: Callable[[], bool]) -> None:
    """Waits until the server answers.

    Args:
        server: its address.
        gone: whether its process has ended.

    Raises:
        ApiError: it ended, or does not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while not gone() and time.monotonic() < deadline:
        try:
            ask(server, "GET", "competitions")
        except httpx.TransportError:
            time.sleep(POLL_SECONDS)
        else:
            return
    raise ApiError(f"the web server does not answer at {server}")


def ask(server: str, method: str, path: str, **options: Any) -> dict[str, Any]:
    """Sends a request and returns the answer's JSON object.

    Raises:
        ApiError: the server refused; with its own words.
    """
    response = httpx.request(method, f"{server}/api/v1/{path}", timeout=TIMEOUT, **options)
    if response.is_error:
        raise ApiError(
            f"{method} {path}: {response.status_code} {response.text[:500]}", response.status_code
        )
    answer: dict[str, Any] = response.json()
    return answer
