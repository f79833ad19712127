"""Runs a task's `prepare.py` and sends the files that it wrote."""

import importlib.util
import json
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from .failure import send_failure
from .frames import Kind, write_frame
from .seed import Seed


def serve_preparation(orders: dict[str, Any], stdout: BinaryIO) -> None:
    """Calls a function of a task's `prepare.py`, then sends all files that it wrote.

    Args:
        orders: `task` and `raw`, folders; `seed`, hexadecimal; and `job`: "prepare" for
            `prepare(raw, public, private, seed)`, "contaminate" for
            `contaminate(raw, public, seed)`.
        stdout: frames to the host.
    """
    folder = Path(orders["task"])
    with tempfile.TemporaryDirectory() as scratch:
        public, private = Path(scratch) / "public", Path(scratch) / "private"
        public.mkdir()
        private.mkdir()
        try:
            spec = importlib.util.spec_from_file_location("prepare", folder / "prepare.py")
            if spec is None or spec.loader is None:
                raise ImportError("prepare.py can't be imported")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            raw, seed = Path(orders["raw"]), Seed.from_hex(orders["seed"])
            if orders["job"] == "contaminate":
                module.contaminate(raw, public, seed)
            else:
                module.prepare(raw, public, private, seed)
        except Exception as error:  # whatever a task's code raises is reported, not handled
            send_failure(stdout, "prepare", error, folder)
            return
        for path in sorted(Path(scratch).rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = json.dumps(path.relative_to(scratch).as_posix()).encode()
                write_frame(stdout, Kind.FILE, name + b"\n" + path.read_bytes())
    write_frame(stdout, Kind.END)
