"""What a server answered, and what a refusal means for you."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

from springboard.errors import NotLoggedIn, Refused, SpringboardError, TryLater, Unreachable

LOG_IN = "log in with `springboard login URL`"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end.

    Attributes:
        server: who answered.
        status: the HTTP status.
        headers: by lower-case name.
        body: its bytes.
    """

    server: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Its JSON.

        Raises:
            Unreachable: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise not_springboard(self.server, "its answer is not JSON") from error


class _Problem(BaseModel):
    model_config = ConfigDict(frozen=True)

    status: int
    detail: str
    code: str = ""
    retry_at: datetime | None = None


def answer_check(answer: Answer) -> None:
    """Raises what a refusal means; returns if there was none.

    Raises:
        NotLoggedIn: there was no token, or one that is not valid.
        Refused: the server said no.
        TryLater: a limit is used up.
        Unreachable: the server failed, or is no Springboard.
    """
    if answer.status < 300:
        return
    if answer.status < 400:
        _redirected(answer)
    try:
        problem = _Problem.model_validate_json(answer.body)
    except ValidationError:
        _without_words(answer)
    kind = _kind(answer.status)
    text = problem.detail
    if kind is NotLoggedIn:
        text = f"{text} To get one that works, {LOG_IN}."
    raise kind(text, code=problem.code, status=answer.status, retry_at=problem.retry_at)


def not_springboard(server: str, why: str) -> Unreachable:
    """The error of a server that answers, but not as Springboard does."""
    return Unreachable(
        f"{server} does not answer as a Springboard server does: {why}. Is the address right?",
        code="not_springboard",
    )


def _kind(status: int) -> type[SpringboardError]:
    if status == HTTPStatus.UNAUTHORIZED:
        return NotLoggedIn
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater
    return Refused if status < 500 else Unreachable


def _redirected(answer: Answer) -> NoReturn:
    where = answer.headers.get("location", "another address")
    raise Unreachable(
        f"{answer.server} sends us on to {where}. If that is your server, {LOG_IN} there.",
        code="redirected",
        status=answer.status,
    )


def _without_words(answer: Answer) -> NoReturn:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "an unknown status"
    if answer.status in (502, 503, 504):
        raise Unreachable(
            f"{answer.server} is not up ({answer.status} {phrase}). Try again in a few minutes.",
            code="down",
            status=answer.status,
        )
    if answer.status == 413:
        raise Refused(
            "the upload is too large for the server. Leave out training data, checkpoints and "
            "optimizer state, or save smaller weights.",
            code="too_large",
            status=413,
        )
    raise not_springboard(answer.server, f"{answer.status} {phrase}, without a word why")
