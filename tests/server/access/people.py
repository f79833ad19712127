"""Who asks, and how: each of the people with a browser and with a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, Literal

from django.core.cache import caches
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from server.accounts.models import User
from server.accounts.services import token_create

PARTICIPANTS = ("student", "teammate", "classmate")
STAFF = ("assistant", "instructor")
MEMBERS = PARTICIPANTS + STAFF
# Of the other course; one who was removed from this one; and one who runs the server.
OUTSIDERS = ("stranger", "foreign_assistant", "foreign_instructor", "removed", "operator")
PEOPLE = ("anonymous", *MEMBERS, *OUTSIDERS)

Means = Literal["browser", "program"]


@dataclass(frozen=True)
class Visitor:
    """One of the people.

    Attributes:
        browser: bears a session; the matrix is not about forgery, so it checks none.
        session: the session's cookies, and no others.
        program: bears a token.
        careful: a browser whose requests are checked for forgery.
        token: the text of the program's token.
    """

    name: str
    browser: Client
    session: Mapping[str, str]
    program: Client
    careful: Client
    token: str

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        *,
        means: Means = "browser",
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponseBase:
        """Sends one request, as if it were the first."""
        for cache in caches.all():
            cache.clear()  # requests are counted there
        client = self.program if means == "program" else self.browser
        if means == "browser":
            client.cookies = SimpleCookie(dict(self.session))
        return send(client, method, path, data, headers)

    def forged(self, method: str, path: str, data: Mapping[str, object]) -> HttpResponseBase:
        """Sends a request with the session's cookies, as another site could make a browser do."""
        for cache in caches.all():
            cache.clear()
        self.careful.cookies = SimpleCookie(dict(self.session))
        return send(self.careful, method, path, data)


def visitor_make(name: str, user: User | None) -> Visitor:
    browser = Client(raise_request_exception=False)
    token, headers = "", {}
    if user is not None:
        browser.force_login(user)
        token = token_create(user=user, name="matrix").text
        headers = {"Authorization": f"Bearer {token}"}
    program = Client(raise_request_exception=False, headers=headers)
    session = {key: morsel.value for key, morsel in browser.cookies.items()}
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return Visitor(name, browser, session, program, careful, token)


def send(
    client: Client,
    method: str,
    path: str,
    data: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """Sends a request: to the API as JSON unless there is a file, to a page as a form."""
    body, content_type = _encoded(path, dict(data or {}))
    if method in {"get", "head", "options"}:
        body, content_type = b"", "application/octet-stream"
    answer: Any = client.generic(
        method.upper(), path, body, content_type, headers=dict(headers or {})
    )
    assert isinstance(answer, HttpResponseBase)
    return answer


def content_of(response: HttpResponseBase) -> bytes:
    """The bytes of an answer, sent at once or in parts."""
    content = getattr(response, "content", None)
    if content is None:
        content = b"".join(getattr(response, "streaming_content", ()))
    return bytes(content)


def _encoded(path: str, data: dict[str, object]) -> tuple[bytes, str]:
    if path.startswith("/api/") and "file" not in data:
        return json.dumps(data).encode(), "application/json"
    return encode_multipart(BOUNDARY, data), MULTIPART_CONTENT
