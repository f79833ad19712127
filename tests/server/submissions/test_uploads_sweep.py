import os
import time
from pathlib import Path

from django.conf import settings

from server.submissions.uploads import uploads_sweep


def test_only_abandoned_uploads_are_removed() -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, new = folder / "old.upload", folder / "new.upload"
    for path in (old, new):
        path.write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    assert uploads_sweep() == 1
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()
