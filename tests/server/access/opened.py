"""Everything that an answer says, however it is packed."""

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from PIL import Image

from tests.server.access.people import content_of

# What may be a signed value: its content is only packed, not hidden.
PACKED = re.compile(rb"\.?[A-Za-z0-9_-]{16,}")
DEEP = 4


def opened(response: HttpResponseBase, *, without: bytes = b"") -> bytes:
    """Headers and body of an answer, with all that can be unpacked of them.

    Args:
        response: the answer.
        without: what was asked with, and may be told back.
    """
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    reason = response.reason_phrase
    content = f"{reason}\n{headers}\n{cookies}\n".encode() + content_of(response)
    return b"\n".join(_forms(content.replace(without, b"") if without else content))


def _forms(content: bytes, deep: int = 0) -> Iterator[bytes]:
    yield content
    start = content.find(b"PK\x03\x04")
    if start >= 0 and deep < DEEP:
        yield _archive(content[start:], deep)
        return
    picture = content.find(b"\x89PNG")
    if picture >= 0:
        # Its texts may be packed; reading all of it comes past those after the pixels.
        image = Image.open(io.BytesIO(content[picture:]))
        image.load()
        yield repr(image.info).encode()
        return
    text = content.decode("utf-8", "replace")
    yield html.unescape(unquote(text)).encode()
    for found in PACKED.findall(content):
        yield from _unsigned(found)


@lru_cache(maxsize=32)
def _archive(content: bytes, deep: int) -> bytes:
    """All that lies in an archive; the same one is sent to many."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found.append(archive.comment)
        for member in archive.infolist():
            found.append(member.filename.encode() + member.comment + member.extra)
            found += _forms(archive.read(member), deep + 1)
    return b"\n".join(found)


def _unsigned(found: bytes) -> Iterator[bytes]:
    packed = found.startswith(b".")
    body = found.lstrip(b".")
    try:
        content = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
        yield zlib.decompress(content) if packed else content
    except (binascii.Error, zlib.error):
        return
