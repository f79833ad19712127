"""Zips as a server might send them."""

import io
import zipfile


def zip_of(files: dict[str, bytes | str], *, mode: int = 0o100644) -> bytes:
    """A zip of files by their names, whatever these are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # its constructor would clean the name
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


KIT = zip_of({"halves/README.md": "Read me.\n", "halves/task/task.toml": "title = 'x'\n"})
DATA = zip_of({"data/practice.npz": b"numbers" * 100})
