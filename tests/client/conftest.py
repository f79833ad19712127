from pathlib import Path

import keyring
import numpy as np
import pytest
from keyring.backends import fail

from tests.digits import TASK


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """The real task's toml beside a practice sample of noise, as a kit has them."""
    folder = tmp_path / "kit" / "task"
    folder.mkdir(parents=True)
    text = (TASK / "task.toml").read_text()
    (folder / "task.toml").write_text(text.replace("wall_seconds = 60", "wall_seconds = 3"))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "kit" / "data"
    folder.mkdir(parents=True)
    random = np.random.default_rng(7)
    np.savez(
        folder / "practice.npz",
        input_images=random.random((40, 28, 28, 1), dtype=np.float32),
        target=np.arange(40) % 10,
        unit=np.arange(40),
    )
    return folder


@pytest.fixture(autouse=True)
def _user_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, keyring and working folder are the test's, never those of who runs it."""
    for name in ("SPRINGBOARD_SERVER", "SPRINGBOARD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SPRINGBOARD_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
