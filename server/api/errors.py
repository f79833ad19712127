"""Turns exceptions into problem details: the one exception handler of the API."""

import logging
import math
from datetime import timedelta
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, UnreadablePostError
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from evaluators.errors import EvaluatorError
from server.api.problems import CONTENT_TYPE, Problem
from server.refusals import Forbidden, NotFound, Refusal

logger = logging.getLogger(__name__)


def problem_response(error: Exception, context: dict[str, Any]) -> Response:
    """Answers an exception of a view with problem details."""
    request: Request = context["request"]
    if _must_authenticate(error, request):
        error = exceptions.NotAuthenticated(
            "This needs authentication: send `Authorization: Bearer TOKEN`, with a token of "
            "POST /api/v1/tokens."
        )
    problem = _problem(error)
    if problem.status >= 500:
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
    set_rollback()
    # Also where a view renders something else, as the schema and its pages do.
    request.accepted_renderer = JSONRenderer()
    request.accepted_media_type = CONTENT_TYPE
    headers = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if problem.retry_at is not None:
        seconds = (problem.retry_at - timezone.now()).total_seconds()
        headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return Response(
        problem.body(), status=problem.status, headers=headers, content_type=CONTENT_TYPE
    )


def _must_authenticate(error: Exception, request: Request) -> bool:
    """Whether a stranger is refused what a known person might get."""
    if not isinstance(error, NotFound | Forbidden | exceptions.NotAuthenticated):
        return False
    # Asking for the user would authenticate again, and fail again, where that is the error.
    return not getattr(getattr(request, "_user", None), "is_authenticated", False)


def _problem(error: Exception) -> Problem:
    match error:
        case Refusal():
            return Problem(error.status, error.detail, error.title, error.code, error.retry_at)
        case ValidationError():
            return _invalid(_messages(error))
        case exceptions.ValidationError():
            return _invalid(_flat(error.detail))
        case exceptions.Throttled():
            wait = max(1, math.ceil(getattr(error, "wait", None) or 1))
            return Problem(
                429,
                f"Too many requests. Try again in {wait} seconds.",
                code="throttled",
                retry_at=timezone.now() + timedelta(seconds=wait),
            )
        case exceptions.APIException():
            return Problem(error.status_code, str(error.detail), code=str(error.default_code))
        case Http404():
            return Problem(404, "There is nothing at this address. See /api/docs/.")
        case PermissionDenied():
            return Problem(403, str(error) or "You may not do this.")
        case RequestDataTooBig():
            return Problem(413, "The request is too large; only an upload's `file` may be large.")
        case SuspiciousOperation():
            return Problem(400, "The request is malformed; send one file and a few short fields.")
        case UnreadablePostError():
            return Problem(400, "The request ended before it was complete; send it again.")
        case EvaluatorError():
            return Problem(
                503,
                "A part of the server is not ready for this. Tell your instructor.",
                code="not_ready",
            )
        case _:
            return Problem(500, "The server failed. It is our fault; try again in a minute.")


def _invalid(errors: dict[str, list[str]]) -> Problem:
    said = "; ".join(
        " ".join(messages) if field == NON_FIELD_ERRORS else f"{field}: {' '.join(messages)}"
        for field, messages in errors.items()
    )
    return Problem(
        400, f"Correct this and send it again: {said}", "Not valid", "invalid", errors=errors
    )


def _messages(error: ValidationError) -> dict[str, list[str]]:
    return (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )


def _flat(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {NON_FIELD_ERRORS: [str(item) for item in detail]}
    return {
        field: [str(item) for item in (items if isinstance(items, list) else [items])]
        for field, items in detail.items()
    }
