"""An installation of its own, to restore into: a folder, a database, and commands as processes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_SETUP = "import django; django.setup()"
BOARD = """
import sys
from django.test import Client
token = {"Authorization": "Bearer " + sys.argv[1]}
client = Client(headers=token, SERVER_NAME="localhost")
print(client.get("/api/v1/competitions/halves/leaderboard").content.decode())
"""


@dataclass(frozen=True)
class Installation:
    """Where an installation is.

    Attributes:
        var: its SPRINGBOARD_VAR.
        settings: the environment that differs from the default.
    """

    var: Path
    settings: dict[str, str] = field(default_factory=dict)

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command of `manage.py`."""
        return self._run("manage.py", *arguments)

    def done(self, *arguments: str) -> str:
        """Runs a command that must succeed, and returns what it printed."""
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """Runs a command that must fail with an explanation, and returns it."""
        done = self.manage(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def piped(self, script: str) -> bytes:
        """Runs a script in it, and returns the bytes that it wrote."""
        return self._start("-c", f"{_SETUP}\n{script}", check=True).stdout

    def python(self, script: str, *arguments: str) -> str:
        """Runs a script in it, and returns what it printed."""
        done = self._run("-c", f"{_SETUP}\n{script}", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def board(self, token: str) -> object:
        """What whoever has a token sees of the board."""
        return json.loads(self.python(BOARD, token))

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        done = self._start(*arguments)
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def _start(self, *arguments: str, check: bool = False) -> "subprocess.CompletedProcess[bytes]":
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={
                **kept,
                "DJANGO_SETTINGS_MODULE": "server.settings.dev",
                "SPRINGBOARD_VAR": str(self.var),
                **self.settings,
            },
            check=check,
            capture_output=True,
            timeout=120,
        )
