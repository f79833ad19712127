"""Files that are sent are saved as what they are, under a harmless name, and run nothing."""

import io
import re
import zipfile

import pytest
from django.http.response import HttpResponseBase
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from server.submissions.models import Submission
from tests.server.access.people import content_of
from tests.server.access.world import World, undone

pytestmark = pytest.mark.django_db

SUBMIT = "/api/v1/competitions/halves/submissions"
NAMES = (
    'a"; filename="b.html',
    'a\\"b.html',
    "a\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "a\nSet-Cookie: x=1.zip",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\evil.bat",
    "/etc/cron.d/evil",
    "C:\\evil.exe",
    "evil.html",
    "evil.svg",
    "\u202egpj.exe",
    "\u0000evil.zip",
    "résumé – 模型.zip",
    "🎈.zip",
    "%2e%2e%2fevil",
    "=cmd|' /C calc'!A0.zip",
    "CON",
    ".htaccess",
    "-rf",
    "x" * 4000 + ".zip",
    "x; rm -rf /; .zip",
    "<script>alert(1)</script>.zip",
)
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_comes_back_as_a_file_and_nothing_else(name: str, world: World) -> None:
    with undone():
        sent = _send(world, name)
        assert sent.status_code in {202, 400}, content_of(sent)
        if sent.status_code == 400:
            return
        submission = Submission.objects.latest("pk")
        # What is kept is one plain name, never a path.
        assert submission.filename.isprintable() and len(submission.filename) <= 200
        assert not {"/", "\\"} & set(submission.filename)
        path = f"/api/v1/submissions/{submission.public_id}/upload"
        back = world.visitors["assistant"].ask("get", path)
        assert content_of(back).endswith(HTML)  # a name that ends its line becomes a part of it
        _check(back, "application/octet-stream")
        disposition = back.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename")
        assert disposition.isascii() and "\n" not in disposition and "\r" not in disposition
        # Quotes inside of the name end it nowhere.
        assert re.sub(r"\\.", "", disposition).count('"') in {0, 2}
        assert back.cookies.output() == ""


def test_no_name_is_no_upload(world: World) -> None:
    with undone():
        assert _send(world, "").status_code == 400
        assert _send(world, "..").status_code == 400


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/api/v1/competitions/halves/kit", "application/zip"),
        ("/api/v1/competitions/halves/data", "application/zip"),
        ("/api/v1/competitions/halves/submissions.csv", "text/csv; charset=utf-8"),
        ("/api/v1/competitions/halves/standings.csv", "text/csv; charset=utf-8"),
        ("/client/{wheel}", "application/octet-stream"),
    ],
)
def test_downloads_are_saved(path: str, content_type: str, world: World) -> None:
    response = world.visitors["assistant"].ask("get", path.format(**world.keys))
    assert content_of(response)
    _check(response, content_type)
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_a_picture_is_shown_as_a_picture_and_nothing_else(world: World) -> None:
    path = "/api/v1/submissions/{submission}/diagnostics/error_by_stratum.png".format(**world.keys)
    response = world.visitors["student"].ask("get", path)
    assert content_of(response).startswith(b"\x89PNG")
    _check(response, "image/png")


def test_the_data_holds_the_practice_sample_only(world: World) -> None:
    path = "/api/v1/competitions/halves/data"
    content = content_of(world.visitors["student"].ask("get", path, means="program"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["data/practice.npz"]
        assert archive.read("data/practice.npz").startswith(b"practice-sample")


def _check(response: HttpResponseBase, content_type: str) -> None:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"


def _send(world: World, name: str) -> HttpResponseBase:
    """Sends a file as no browser would: with its name as it is."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    body = (
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
            "Content-Type: text/html\r\n\r\n"
        ).encode()
        + HTML
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    return world.visitors["student"].program.generic("POST", SUBMIT, body, MULTIPART_CONTENT)
