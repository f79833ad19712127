"""A sandbox that runs the real probe with the fake library for programs."""

import subprocess
import sys
import uuid
from pathlib import Path
from typing import BinaryIO

from evaluators.devices.probing import PROBE
from evaluators.sandbox.fake import FakeSandbox
from tests.evaluators.devices.conftest import WHOLE, library_environment


class ProbedSandbox(FakeSandbox):
    """Runs the probe as a process outside of any sandbox.

    Args:
        libraries: folder of the fakes.
        seen: the uuid of the device that the fake library shows.
        **behaviour: variables of the fake library; see fake_cuda.c.
    """

    def __init__(self, libraries: Path, seen: str = WHOLE, **behaviour: str) -> None:
        super().__init__({PROBE: self._serve})
        self.libraries = libraries
        self.seen = seen
        self.behaviour = {"FAKE_CUDA_COUNT": "1", **behaviour}
        self.probes = 0

    def _serve(self, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        self.probes += 1
        done = subprocess.run(
            [sys.executable, "-m", PROBE.name, WHOLE],
            cwd=PROBE.parent,
            env=library_environment(
                self.libraries,
                CUDA_VISIBLE_DEVICES=WHOLE,
                FAKE_CUDA_UUID=uuid.UUID(self.seen.partition("-")[2]).hex,
                **self.behaviour,
            ),
            capture_output=True,
            timeout=60,
        )
        stdout.write(done.stdout)
        stderr.write(done.stderr)
