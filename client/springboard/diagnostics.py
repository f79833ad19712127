"""Saves what a server tells of a submission: one JSON file, and a PNG for each picture."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

from springboard.answers import not_springboard
from springboard.connection import Connection
from springboard.errors import UsageError
from springboard.file_names import name_objection
from springboard.results import Diagnostic

FILE = "diagnostics.json"
PICTURE_BYTES = 8 << 20
_PNG = b"\x89PNG\r\n\x1a\n"


def diagnostics_save(
    connection: Connection, public_id: str, diagnostics: Sequence[Diagnostic], folder: Path
) -> list[Path]:
    """Writes them into a folder, over what an earlier call wrote there.

    Args:
        connection: to the server.
        public_id: of the submission.
        diagnostics: what the server told of it.
        folder: it is made if it is not there.

    Returns:
        The files; `diagnostics.json` is the first.

    Raises:
        SpringboardError: a picture can't be got, or a file can't be written.
    """
    pictures = {
        f"{one.name}.png": _picture(connection, public_id, one.name)
        for one in diagnostics
        if one.picture is not None
    }
    document = [
        one.model_dump(mode="json") | {"picture": f"{one.name}.png" if one.picture else None}
        for one in diagnostics
    ]
    text = json.dumps({"submission": public_id, "diagnostics": document}, indent=1)
    contents = {FILE: text.encode(), **pictures}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error}") from error
    return [folder / name for name in contents]


def _picture(connection: Connection, public_id: str, name: str) -> bytes:
    """A picture, from where its name says it is and not from where a server points."""
    if name_objection(name):
        raise not_springboard(connection.server, f"it calls a diagnostic {name!r}")
    file = io.BytesIO()
    connection.download(
        f"submissions/{public_id}/diagnostics/{name}.png",
        file,
        limit=PICTURE_BYTES,
        on_bytes=lambda got, total: None,
    )
    if not file.getvalue().startswith(_PNG):
        raise not_springboard(connection.server, f"the picture of {name} is no PNG")
    return file.getvalue()
