"""Runs the suite and writes its table: `python -m tests.attacks [FILE] [-- PYTEST'S ARGUMENTS]`."""

import os
import sys
from pathlib import Path

import pytest

from tests.attacks.conftest import TABLE_VARIABLE

HERE = Path(__file__).parent
DEFAULT = HERE.parents[1] / "docs" / "attack-table.md"


def main(arguments: list[str]) -> int:
    """Runs pytest; the table is written at its end, whatever became of the attacks."""
    file = arguments.pop(0) if arguments and arguments[0] != "--" else str(DEFAULT)
    os.environ[TABLE_VARIABLE] = file
    return int(pytest.main([str(HERE), "-q", *arguments[1:]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
