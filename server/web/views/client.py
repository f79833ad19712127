"""The students' package, as `pip install` fetches it."""

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from server.competitions.client_package import client_wheel
from server.refusals import NotFound
from server.web.pages import page


@require_safe
@page
def wheel(request: HttpRequest, name: str) -> FileResponse:
    """The wheel, for everyone: pip does not log in."""
    path = client_wheel()
    if name != path.name:
        raise NotFound(f"This server gives out {path.name}; its address is on each kit's page.")
    return FileResponse(path.open("rb"), content_type="application/octet-stream")
