"""A demonstration of one small task, as a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.evaluators.tiny_task import GOOD_MODEL, task_folder

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


def installation_make(tmp_path: Path) -> Mapping[str, str]:
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


@contextmanager
def staying(environment: Mapping[str, str], out: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The demonstration up and running; what it has printed is in `out`. Killed afterwards."""
    with out.open("wb") as file:
        process = subprocess.Popen(
            command(), cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 200
        while "Ctrl-C" not in out.read_text():
            assert process.poll() is None, out.read_text()
            assert time.monotonic() < deadline, out.read_text()
            time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def word_of(out: Path, beginning: str) -> str:
    """The first word in what was printed that begins so."""
    return next(word for word in out.read_text().split() if word.startswith(beginning))
