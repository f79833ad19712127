"""The engine for tests: it starts and stops by one script, and leaves nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docker.compose import ROOT

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("dockerd") is None,
        reason="an engine needs root and the package docker.io",
    ),
]


def engine(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "engine.sh", command],
        env=os.environ | {"SPRINGBOARD_ENGINE_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def processes(needle: str) -> list[Path]:
    found = []
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if needle.encode() in commandline.read_bytes():
                found.append(commandline)
        except OSError:
            continue
    return found


def test_it_starts_once_and_leaves_nothing(tmp_path: Path) -> None:
    # Longer than a socket's path may be.
    folder = tmp_path / ("long" * 25) / "engine"
    assert engine(folder, "status").returncode == 3
    try:
        started = engine(folder, "start")
        assert started.returncode == 0, started.stderr
        address = started.stdout.strip().removeprefix("export DOCKER_HOST=")
        assert engine(folder, "start").stdout == started.stdout
        assert "running" in engine(folder, "status").stdout
        listed = subprocess.run(
            ["docker", "network", "ls", "--format", "{{.Name}}"],
            env=os.environ | {"DOCKER_HOST": address},
            capture_output=True,
            text=True,
            check=True,
        )
        assert set(listed.stdout.split()) == {"host", "none"}
    finally:
        removed = engine(folder, "remove")
    assert removed.returncode == 0, removed.stderr
    assert not folder.exists()
    run = str(Path(address.removeprefix("unix://")).parent)
    assert processes(run) == []
    assert run not in Path("/proc/mounts").read_text()
    assert not Path(run).exists()


def test_it_says_how_it_is_used(tmp_path: Path) -> None:
    done = engine(tmp_path, "restart")
    assert done.returncode == 1
    assert "usage: engine.sh start|stop|status|remove" in done.stderr
