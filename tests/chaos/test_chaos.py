"""The suite as a test: nothing is broken but what is struck, and that recovers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.stacks import STACKS
from tests.server.processes import ROOT


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stack", STACKS)
def test_every_fault_is_survived(stack: str, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--stack", stack, "--results", str(results)],
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 0
    found = json.loads(results.read_text())
    assert found["faults"]
    assert found["soaks"]
    assert [one["fault"] for one in found["faults"] if one["wrong"]] == []
    assert [line for one in found["soaks"] for line in one["wrong"]] + found["at_the_end"] == []
