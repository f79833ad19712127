"""`manage.py demo` with a small task: real web server, worker, broker, API and sandbox."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.evaluators.tiny_task import GOOD_MODEL, task_folder

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).resolve().parents[3]
TRAIN = """
import argparse, pathlib, zipfile
parser = argparse.ArgumentParser()
parser.add_argument("--data", type=pathlib.Path)
parser.add_argument("--out", type=pathlib.Path)
options = parser.parse_args()
assert (options.data / "practice.npz").is_file()
options.out.mkdir()
with zipfile.ZipFile(options.out / "{name}.zip", "w") as archive:
    archive.writestr("model.py", {source!r})
"""
PIN = {"role": "baseline", "mean": 0.105, "tolerance": 0.05, "sd": 0.01, "seeds": 5}


@pytest.fixture
def installation(tmp_path: Path) -> Mapping[str, str]:
    """A tree of one small task with one baseline, and the environment that points there."""
    task = task_folder(tmp_path / "tasks")
    (task / "expected.json").write_text(
        json.dumps({"primary": "log_loss", "solutions": {"good": PIN}})
    )
    kit = tmp_path / "kits" / "signs"
    kit.mkdir(parents=True)
    (kit / "train_good.py").write_text(TRAIN.format(name="good", source=GOOD_MODEL))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "server.settings.dev",
        "SPRINGBOARD_VAR": str(tmp_path / "var"),
        "SPRINGBOARD_TASKS": str(tmp_path / "tasks"),
        "SPRINGBOARD_KITS": str(tmp_path / "kits"),
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", "demo", "--port", "8300", *arguments]


def run_once(environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command("--once"), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240
    )


def test_it_judges_the_baselines_and_a_second_run_finds_them(
    installation: Mapping[str, str],
) -> None:
    for _ in range(2):
        done = run_once(installation)
        assert done.returncode == 0, done.stdout + done.stderr
        boards = json.loads((Path(installation["SPRINGBOARD_VAR"]) / "demo.json").read_text())
        [row] = boards["signs"]
        assert (row["rank"], row["team"], row["verdict"]) == (1, "Good baseline", "scored")
        assert row["score"] == pytest.approx(0.10536, abs=1e-4)
        assert "/competitions/signs/leaderboard/" in done.stdout


def test_a_score_outside_of_its_pin_is_told_and_fails(installation: Mapping[str, str]) -> None:
    path = Path(installation["SPRINGBOARD_TASKS"]) / "signs" / "expected.json"
    pins = {"good": {**PIN, "mean": 5.0}}
    path.write_text(json.dumps({"primary": "log_loss", "solutions": pins}))
    done = run_once(installation)
    assert done.returncode == 1
    assert "outside of its pinned range" in done.stdout


def test_a_missing_prerequisite_is_one_sentence(installation: Mapping[str, str]) -> None:
    done = run_once({**installation, "SPRINGBOARD_RUNTIME": "/nowhere"})
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "CommandError: there is no runtime at /nowhere: run `make runtime`, or set "
        "SPRINGBOARD_RUNTIME"
    )


def test_it_stays_until_it_is_interrupted_and_stops_all(
    installation: Mapping[str, str], tmp_path: Path
) -> None:
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(command(), cwd=ROOT, env=installation, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 200
        while "Ctrl-C" not in (text := (tmp_path / "out").read_text()):
            assert process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.2)
        server = next(word for word in text.split() if word.startswith("http://127.0.0.1"))
        assert httpx.get(f"{server}/competitions/signs/leaderboard/").status_code == 200
        assert "demo-student" in text
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        with pytest.raises(httpx.TransportError):
            httpx.get(server)
    finally:
        process.kill()
        process.wait()
