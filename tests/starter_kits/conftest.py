import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pydantic
import pytest

from evaluators.prepared import PreparedTask
from server.competitions.client_package import client_wheel
from tests.digits import KIT, TASK, handwriting_prepare, runtime_python

# What the students' package needs beside the runtime, as the kit's requirements.txt installs it.
CLIENT_NEEDS = (
    "pydantic", "pydantic_core", "annotated_types", "typing_inspection",
    "httpx", "httpcore", "h11", "anyio", "idna", "certifi",
)  # fmt: skip

# A few epochs, on a few images.
EPOCHS = {"keras": 12, "sklearn": 5, "torch": 8}


@dataclass(frozen=True)
class Trained:
    submission: Path
    output: str


Shell = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedTask:
    return handwriting_prepare(tmp_path_factory.mktemp("handwriting"))


@pytest.fixture(scope="session")
def kit(prepared: PreparedTask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit as a student unpacks it, with small data."""
    folder = tmp_path_factory.mktemp("downloads") / "classification"
    leave_out = shutil.ignore_patterns("__pycache__", "data", "submissions")
    shutil.copytree(KIT, folder, ignore=leave_out)
    (folder / "task").mkdir()
    shutil.copy(TASK / "task.toml", folder / "task")
    shutil.copytree(prepared.public, folder / "data")
    return folder


@pytest.fixture(scope="session")
def shell(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Runs a line of the README in the kit's folder, where `python` is the runtime's."""
    site = Path(pydantic.__file__).parents[1]
    extra = tmp_path_factory.mktemp("site")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(extra)]
    subprocess.run([runtime_python(), *install, str(client_wheel())], check=True)
    for name in CLIENT_NEEDS:
        (extra / name).symlink_to(site / name)

    def run(line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=kit,
            env={
                "PATH": f"{extra / 'bin'}:{runtime_python().parent}:/usr/bin:/bin",
                "HOME": str(kit.parent),
                "PYTHONPATH": str(extra),
            },
            capture_output=True,
            text=True,
            timeout=200,
        )

    return run


@pytest.fixture(scope="session")
def readme_lines() -> list[str]:
    """Every command line of the README."""
    blocks = re.findall(r"```sh\n(.*?)```", (KIT / "README.md").read_text(), flags=re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", "").splitlines()]


@pytest.fixture(scope="session")
def trained(shell: Shell, kit: Path, readme_lines: list[str]) -> dict[str, Trained]:
    """What the README's training commands write, by framework."""
    trained = {}
    for line in readme_lines:
        if match := re.fullmatch(r"python train_(\w+)\.py", line):
            name = match[1]
            done = shell(f"{line} --epochs {EPOCHS[name]} --seed 1")
            assert done.returncode == 0, f"{line}: {done.stderr}"
            assert "practice: log loss" in done.stdout
            trained[name] = Trained(kit / "submissions" / f"{name}.zip", done.stdout)
    return trained
