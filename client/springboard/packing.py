"""Makes of what you have the one file that is uploaded."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluators.errors import SubmissionError
from evaluators.folder import folder_members
from springboard.errors import Refused, UsageError

# The same files give the same zip, so that a repeated upload is recognised.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@contextmanager
def upload_file(path: Path) -> Iterator[Path]:
    """A file as it is, or a folder as a zip that is gone afterwards.

    Raises:
        UsageError: there is nothing at the path, or it can't be read.
        Refused: the folder holds what the server does not accept.
    """
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise UsageError(f"there is no {path}; train a model first, or give the path of a zip")
    with tempfile.TemporaryDirectory(prefix="springboard-") as place:
        packed = Path(place) / f"{path.resolve().name or 'submission'}.zip"
        _pack(path, packed)
        yield packed


def _pack(folder: Path, packed: Path) -> None:
    try:
        members = sorted(folder_members(folder), key=lambda member: member.name.encode())
        if not members:
            raise SubmissionError("empty_upload")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in members:
                info = zipfile.ZipInfo(member.name, date_time=_EPOCH)
                info.external_attr = 0o100644 << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w", force_zip64=True) as sink:
                    for chunk in member.chunks():
                        sink.write(chunk)
    except SubmissionError as error:
        raise Refused(
            f"{folder}: {error.message.text} {error.message.help}", code=error.message.code
        ) from error
    except OSError as error:
        raise UsageError(f"{folder} can't be read: {error}") from error
