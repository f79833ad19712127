"""The students' package, as `pip install` fetches it."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from server.competitions.client_package import client_wheel
from server.downloads import file_response


@require_safe
def wheel(request: HttpRequest, name: str) -> FileResponse:
    """The wheel, for everyone: pip does not log in."""
    path = client_wheel()
    if name != path.name:
        raise Http404(f"this server gives out {path.name}")
    return file_response(path.open("rb"), name=path.name, content_type="application/octet-stream")
