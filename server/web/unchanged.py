"""Tells those who ask again for a board that it has not changed."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from server.competitions.models import Competition


def board_etag(competition: Competition, *viewer: object) -> str:
    """Names what a board shows: a change of it, or of who may see what, is another name.

    Args:
        competition: with its board loaded.
        viewer: what else the page depends on, such as who looks at it.
    """
    now = timezone.now()
    parts = (
        competition.pk,
        competition.board_version,
        competition.private_revealed,
        competition.visibility,
        competition.kind,
        competition.title,
        competition.task_version_id,
        competition.opens_at,
        competition.closes_at,
        competition.is_open(now),
        *viewer,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Returns the answer "not modified" where the one who asks holds this already."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if etag not in (tag.removeprefix("W/") for tag in held):
        return None
    response = HttpResponseNotModified()
    response.headers["ETag"] = etag
    return response
