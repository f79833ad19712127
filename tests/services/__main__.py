"""Runs a command beside services: `python -m tests.services postgresql redis -- COMMAND...`."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.services.known import SERVICES

USAGE = f"""usage: python -m tests.services SERVICE... -- COMMAND...
services: {" ".join(SERVICES)}"""


def main(arguments: list[str]) -> int:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    names, command = arguments[:at], arguments[at + 1 :]
    if not names or not command or not set(names) <= set(SERVICES):
        print(USAGE, file=sys.stderr)
        return 2
    # An interrupt is the command's, which gets it too and may have something to say at its end.
    signal.signal(signal.SIGINT, lambda *_: None)
    # A polite end removes the folder too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="springboard-services-") as folder, ExitStack() as kept:
        for name in names:
            service = kept.enter_context(SERVICES[name](Path(folder) / name))
            os.environ[service.variable] = service.url
        status = subprocess.run(command, check=False).returncode
        return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
