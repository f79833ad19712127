"""Requests to one server: bounded, and sent again where that is safe."""

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import IO, Any, Self

import httpx

from springboard.answers import Answer, answer_check
from springboard.errors import Refused, Unreachable
from springboard.retries import Retries
from springboard.version import VERSION

TIMEOUT = httpx.Timeout(30.0, read=60.0)
# No honest answer is longer; what is, would only fill the memory.
ANSWER_BYTES = 32 << 20
# Nothing of the request has been read by anybody: sending it again is always safe.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout)

Request = Callable[[], AbstractContextManager[dict[str, Any]]]
Tell = Callable[[str], None]


class Connection:
    """A server's API, as one person uses it.

    Args:
        server: its address, clean.
        token: sent with each request; None for a stranger.
        retries: how patient to be.
        tell: is told in words when something is tried again.
    """

    def __init__(
        self,
        server: str,
        token: str | None = None,
        *,
        retries: Retries | None = None,
        tell: Tell = lambda text: None,
    ) -> None:
        self.server = server
        self.is_known = token is not None
        self._retries = retries or Retries()
        self._tell = tell
        headers = {"User-Agent": f"springboard/{VERSION} python/{platform.python_version()}"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            base_url=f"{server}/api/v1/", timeout=TIMEOUT, headers=headers, follow_redirects=False
        )

    def get(self, path: str, **params: str | int | None) -> Any:
        """Gets an answer's JSON."""
        known = {name: value for name, value in params.items() if value is not None}
        return self.send("GET", path, params=known).json()

    def send(self, method: str, path: str, *, once: bool = False, **options: Any) -> Answer:
        """Sends a request and returns the answer, unless it is a refusal.

        Args:
            method: of HTTP.
            path: below `/api/v1/`.
            once: doing it twice would do it twice: it isn't sent again once it may have arrived.
            **options: what httpx takes.

        Raises:
            SpringboardError: it was refused or could not be sent.
        """

        @contextmanager
        def request() -> Iterator[dict[str, Any]]:
            yield options

        return self.send_made(method, path, request, once=once)

    def send_made(self, method: str, path: str, request: Request, *, once: bool = False) -> Answer:
        """The same for a request that is made anew for each attempt, as one with a file is."""
        answer = self._try(lambda: self._read(method, path, request), once=once)
        answer_check(answer)
        return answer

    def download(
        self, path: str, into: IO[bytes], *, limit: int, on_bytes: Callable[[int, int], None]
    ) -> None:
        """Writes an answer's body to a file.

        Args:
            path: below `/api/v1/`.
            into: an empty file.
            limit: the most bytes that are taken.
            on_bytes: is told how many came and how many are announced, 0 if none are.

        Raises:
            SpringboardError: it was refused, could not be got, or is too long.
        """
        answer = self._try(lambda: self._save(path, into, limit, on_bytes), once=False)
        answer_check(answer)

    def _try(self, attempt_once: Callable[[], Answer], *, once: bool) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = attempt_once()
            except httpx.TransportError as error:
                safe = not once or isinstance(error, _UNSENT)
                wait = self._retries.wait_after_failure(attempt) if safe else None
                if wait is None or _is_final(error):
                    raise self._unreachable(error) from error
                why = f"no answer from {self.server}"
            except httpx.HTTPError as error:
                raise self._unreachable(error) from error
            else:
                wait = self._retries.wait_after_answer(attempt, answer.status, answer.headers)
                if wait is None or (once and answer.status != 429):
                    return answer
                why = f"{self.server} is busy ({answer.status})"
            self._tell(f"{why}; trying again in {wait:.0f} s")
            time.sleep(wait)

    def _read(self, method: str, path: str, request: Request) -> Answer:
        with request() as options, self._http.stream(method, path, **options) as response:
            return self._answer(response, _limited(response))

    def _save(
        self, path: str, into: IO[bytes], limit: int, on_bytes: Callable[[int, int], None]
    ) -> Answer:
        into.seek(0)
        into.truncate()
        with self._http.stream("GET", path) as response:
            if response.status_code != 200:
                return self._answer(response, _limited(response))
            announced = response.headers.get("content-length", "")
            total = int(announced) if announced.isdecimal() else 0
            got = 0
            for chunk in response.iter_bytes():
                got += len(chunk)
                if got > limit:
                    raise Refused(
                        f"{self.server} sends more than {limit >> 20} MB; that is not taken",
                        code="too_large",
                    )
                into.write(chunk)
                on_bytes(got, total)
            return self._answer(response, b"")

    def _answer(self, response: httpx.Response, body: bytes) -> Answer:
        return Answer(self.server, response.status_code, response.headers, body)

    def _unreachable(self, error: httpx.HTTPError) -> Unreachable:
        return Unreachable(f"{self.server} can't be reached: {_words(error)}", code="no_connection")

    def close(self) -> None:
        """Closes it."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _limited(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > ANSWER_BYTES:
            raise Unreachable(f"the server's answer is longer than {ANSWER_BYTES >> 20} MB")
    return bytes(body)


def _is_final(error: httpx.HTTPError) -> bool:
    """Whether trying again can't help."""
    return "CERTIFICATE_VERIFY_FAILED" in str(error) or isinstance(error, httpx.UnsupportedProtocol)


def _words(error: httpx.HTTPError) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return (
            "its certificate is not trusted. Is the address right? A school's own authority is "
            "named with SSL_CERT_FILE."
        )
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time. Try again later, or look at your network."
    if isinstance(error, httpx.ConnectError):
        return f"{text or 'no connection'}. Is the address right, and are you online?"
    return f"the connection broke ({text or type(error).__name__}). Try again later."
