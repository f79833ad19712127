"""Says what of devices a sandboxed program sees."""

import json
import os
import resource
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

READY = 3  # evaluators.runner.frames.Kind.READY


def opens(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def system_folders(folder: Path, depth: int) -> Iterator[Path]:
    """A folder and those below it, so deep."""
    if depth and folder.is_dir() and not folder.is_symlink():
        yield folder
        for below in folder.iterdir():
            yield from system_folders(below, depth - 1)


def main() -> None:
    found = [path for path in Path("/dev").rglob("*") if stat.S_ISCHR(path.lstat().st_mode)]
    seen = {
        "nodes": sorted(str(path) for path in found),
        "opened": sorted(str(path) for path in found if opens(path)),
        "environment": dict(os.environ),
        "driver": sorted(path.name for path in Path("/proc/driver").glob("*")),
        "system": sorted(str(path) for path in system_folders(Path("/sys"), 4)),
        "address_space": resource.getrlimit(resource.RLIMIT_AS)[0],
        "locked_memory": resource.getrlimit(resource.RLIMIT_MEMLOCK)[0],
    }
    payload = json.dumps(seen).encode()
    sys.stdout.buffer.write(struct.pack("<2sBBI", b"SB", READY, 0, len(payload)) + payload)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
