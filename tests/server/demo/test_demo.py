"""`manage.py demo` with a small task: real web server, worker, broker, API and sandbox."""

import json
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.server.demo.installation import PIN, ROOT, command, staying, word_of

pytestmark = pytest.mark.e2e


def run_once(environment: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command("--once", *arguments),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
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
        assert row["low"] <= row["score"] <= row["high"]
        assert row["trained_seconds"] > 0 and row["judged_seconds"] > 0
        assert "/competitions/signs/leaderboard/" in done.stdout


def test_a_score_outside_of_its_pin_is_told_and_fails(installation: Mapping[str, str]) -> None:
    path = Path(installation["SPRINGBOARD_TASKS"]) / "signs" / "expected.json"
    pins = {"good": {**PIN, "mean": 5.0}}
    path.write_text(json.dumps({"primary": "log_loss", "solutions": pins}))
    done = run_once(installation)
    assert done.returncode == 1
    assert "outside of its pinned range" in done.stdout


def test_a_kit_that_fails_is_named_and_the_others_are_judged(
    installation: Mapping[str, str],
) -> None:
    kit = Path(installation["SPRINGBOARD_KITS"]) / "signs"
    (kit / "train_worse.py").write_text("raise ValueError('no such layer')")
    done = run_once(installation)
    assert done.returncode == 1
    assert "signs, worse: the kit signs can't train it" in done.stdout
    assert "ValueError: no such layer" in done.stdout
    boards = json.loads((Path(installation["SPRINGBOARD_VAR"]) / "demo.json").read_text())
    good, worse = boards["signs"]
    assert (good["team"], good["rank"]) == ("Good baseline", 1)
    assert (worse["team"], worse["rank"], worse["verdict"]) == (
        "Worse baseline",
        None,
        "not trained",
    )


def test_one_task_can_be_shown_alone(installation: Mapping[str, str]) -> None:
    tasks, kits = (Path(installation[f"SPRINGBOARD_{name}"]) for name in ("TASKS", "KITS"))
    shutil.copytree(tasks / "signs", tasks / "other")
    shutil.copytree(kits / "signs", kits / "other")
    done = run_once(installation, "--task", "other")
    assert done.returncode == 0, done.stdout + done.stderr
    boards = json.loads((Path(installation["SPRINGBOARD_VAR"]) / "demo.json").read_text())
    assert list(boards) == ["other"]
    done = run_once(installation, "--task", "othre")
    assert done.returncode == 1 and "did you mean 'other'" in done.stderr


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
    out = tmp_path / "out"
    with staying(installation, out) as process:
        server = word_of(out, "http://127.0.0.1")
        assert httpx.get(f"{server}/competitions/signs/leaderboard/").status_code == 200
        assert "demo-student" in out.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        with pytest.raises(httpx.TransportError):
            httpx.get(server)
