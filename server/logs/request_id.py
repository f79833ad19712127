"""A number for each request, which its answer and all lines of its log bear."""

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from server.logs.context import log_context

HEADER = "X-Request-ID"
_PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that numbers requests."""

    def middleware(request: HttpRequest) -> HttpResponse:
        number = _given(request) or secrets.token_hex(8)
        # No query: it may hold what somebody typed or was sent.
        with log_context(request=number, method=request.method or "", path=request.path):
            response = get_response(request)
        response.headers[HEADER] = number
        return response

    return middleware


def _given(request: HttpRequest) -> str:
    """The proxy's own number; without a proxy anybody could choose one, or it may be no number."""
    if not settings.REST_FRAMEWORK["NUM_PROXIES"]:
        return ""
    given = request.headers.get(HEADER, "")
    return given if _PLAIN.fullmatch(given) else ""
