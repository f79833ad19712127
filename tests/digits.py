"""Originals for the warped digits, and the task's own prepare.py run on them."""

import gzip
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.prepared import PreparedTask, data_digest
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.task import task_load

ROOT = Path(__file__).parents[1]
TASK = ROOT / "tasks" / "classification"
KIT = ROOT / "starter_kits" / "classification"
DRIVER = Path(__file__).with_name("prepare_driver.py")

# Real handwriting that comes with scikit-learn, brought to the size that the task wants.
HANDWRITING = """
import sys
import numpy as np
from scipy.ndimage import zoom
from sklearn.datasets import load_digits
images, labels = load_digits(return_X_y=True)
images = zoom(images.reshape(-1, 8, 8)[:800], (1, 3, 3), order=1) / 16 * 255
images = np.pad(images, ((0, 0), (2, 2), (2, 2))).round().astype(np.int64)
np.savez(sys.argv[1], images=images, labels=labels[:800])
"""


def runtime_python() -> Path:
    return runtime_find(runtime_folder()).python


def raw_write(folder: Path, pixels: NDArray[np.int64], labels: NDArray[np.int64]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = np.column_stack([pixels.reshape(len(pixels), -1), labels])
    with gzip.open(folder / "mnist_5k.csv.gz", "wt") as file:
        np.savetxt(file, rows, fmt="%d", delimiter=",")


def prepare(raw: Path, out: Path, seed: bytes, *changed: str) -> "subprocess.CompletedProcess[str]":
    """Runs prepare.py; for the purposes in `changed` the seed gives other generators."""
    return subprocess.run(
        [runtime_python(), "-P", "-B", DRIVER, TASK, raw, out, seed.hex(), *changed],
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def handwriting_prepare(folder: Path) -> PreparedTask:
    """Prepares the task from 800 originals, a small but real set of data."""
    command: list[str | Path] = [runtime_python(), "-c", HANDWRITING, folder / "handwriting.npz"]
    subprocess.run(command, check=True, timeout=120)
    with np.load(folder / "handwriting.npz") as file:
        raw_write(folder / "raw", file["images"], file["labels"])
    result = prepare(folder / "raw", folder / "prepared", b"a secret of one test run")
    assert result.returncode == 0, result.stderr
    return PreparedTask(task_load(TASK), folder / "prepared", data_digest(folder / "prepared"))
