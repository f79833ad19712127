"""Files that are sent: saved or shown as what they are, and never run in a browser as ours."""

from typing import BinaryIO

from django.core.files.base import File
from django.http import FileResponse

# Whatever a browser makes of it, it is of no site, runs nothing and loads nothing.
POLICY = "default-src 'none'; sandbox"


def file_response(
    file: "BinaryIO | File[bytes]", *, name: str, content_type: str, inline: bool = False
) -> FileResponse:
    """Answers with a file.

    Args:
        file: opened to be read; the answer closes it.
        name: what it is called where it is saved.
        content_type: what it is, and to be taken for nothing else.
        inline: whether a page shows it; else it is saved.
    """
    response = FileResponse(
        file, as_attachment=not inline, filename=name, content_type=content_type
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
