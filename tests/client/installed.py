"""The students' package in a new virtual environment, from the wheel that a server gives out."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the package, and a user with empty settings.

    Attributes:
        venv: the environment.
        home: the user's home folder, where commands run.
    """

    venv: Path
    home: Path

    def springboard(
        self, *words: str, stdin: str = "", cwd: Path | None = None, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Runs the command `springboard`."""
        return self._run([self.venv / "bin" / "springboard", *words], stdin, cwd, variables)

    def python(self, source: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Runs a program that may import the package."""
        return self._run([self.venv / "bin" / "python", "-c", source], "", None, variables)

    def pip(self, *words: str) -> "subprocess.CompletedProcess[str]":
        pip: list[Path | str] = [
            self.venv / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
        ]
        return self._run(pip + list(words), "", None, {})

    def _run(
        self, command: list[Path | str], stdin: str, cwd: Path | None, variables: dict[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            input=stdin,
            cwd=cwd or self.home,
            # Nothing of the tests' own environment: the checkout must not be importable.
            env={"PATH": os.defpath, "HOME": str(self.home), "LANG": "C.UTF-8"} | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )


def installed_make(folder: Path) -> Installed:
    """Makes an environment that has what the package needs, but not the package.

    What it needs is taken from the tests' own environment, so that no network is needed.
    """
    venv, home = folder / "venv", folder / "home"
    home.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    installed = Installed(venv, home)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "needs.pth").write_text(f"{Path(numpy.__file__).parents[1]}\n")
    return installed
