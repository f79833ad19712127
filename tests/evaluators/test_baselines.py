"""Training a kit's baselines once, and saying what went wrong."""

import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evaluators.baselines import (
    RSS_BYTES,
    baseline_names,
    baseline_train,
    baseline_training,
)
from evaluators.errors import TaskError

SCRIPT = """
import argparse, os, pathlib, zipfile
parser = argparse.ArgumentParser()
parser.add_argument("--data", type=pathlib.Path)
parser.add_argument("--out", type=pathlib.Path)
arguments = parser.parse_args()
arguments.out.mkdir(parents=True)
print("reading", sorted(path.name for path in arguments.data.iterdir()))
print("threads", os.environ["OMP_NUM_THREADS"], "secret", os.environ.get("SECRET"))
with zipfile.ZipFile(arguments.out / "forest.zip", "w") as archive:
    archive.writestr("model.py", "class Model: pass")
"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "kit"
    folder.mkdir()
    (folder / "train_forest.py").write_text(SCRIPT)
    (folder / "data.py").write_text("")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.npz").touch()
    return folder


class Trainer:
    def __init__(self, kit: Path) -> None:
        self.kit = kit
        self.lines: list[str] = []

    def train(self, name: str = "forest", data: str = "d1", runtime: str = "r1") -> Path:
        self.lines.clear()
        return baseline_train(
            kit=self.kit,
            name=name,
            data=self.kit.parent / "data",
            runtime_python=Path(sys.executable),
            cache=self.kit.parent / "cache",
            data_version=data,
            runtime_digest=runtime,
            on_line=self.lines.append,
        )


@pytest.fixture
def trainer(kit: Path) -> Trainer:
    return Trainer(kit)


def test_it_lists_what_a_kit_can_train(kit: Path) -> None:
    (kit / "train_bayes.py").touch()
    assert baseline_names(kit) == ("bayes", "forest")


def test_it_trains_and_passes_on_the_lines(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of the server")
    submission = trainer.train()
    assert submission.name == "forest.zip"
    assert submission.is_file()
    assert trainer.lines == ["reading ['train.npz']", "threads 1 secret None"]


def test_it_trains_once(trainer: Trainer) -> None:
    first = trainer.train()
    assert trainer.train() == first
    assert trainer.lines == ["forest was trained before"]


def test_it_trains_once_for_all_who_want_it_at_once(kit: Path) -> None:
    slow = SCRIPT.replace("import argparse", "import time; time.sleep(0.5); import argparse")
    (kit / "train_forest.py").write_text(slow)
    trainers = [Trainer(kit) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        submissions = set(pool.map(lambda trainer: trainer.train(), trainers))
    assert len(submissions) == 1
    trained = [trainer for trainer in trainers if "reading ['train.npz']" in trainer.lines]
    waited = ["forest is being trained: waiting for it", "forest was trained meanwhile"]
    assert len(trained) == 1
    assert all(one.lines == waited for one in trainers if one not in trained)


def test_it_tells_what_a_training_took(trainer: Trainer) -> None:
    busy = "import time\nmemory = bytearray(60 << 20)\ntime.sleep(0.3)\n"
    busy += "while time.process_time() < 0.4: pass\n"
    (trainer.kit / "train_forest.py").write_text(busy + SCRIPT)
    submission = trainer.train()
    training = baseline_training(submission)
    assert 0.6 <= training.seconds < 20
    assert 0.3 <= training.cpu_seconds <= training.seconds
    # Never less than what this process holds, which after thousands of tests may be much.
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_BYTES / 1e6
    assert 60 < training.peak_mb < max(500, own_mb + 100)
    assert training.printed == ("reading ['train.npz']", "threads 1 secret None")
    assert baseline_training(trainer.train()) == training


def test_it_trains_again_when_something_has_changed(trainer: Trainer) -> None:
    paths = {trainer.train(), trainer.train(data="d2"), trainer.train(runtime="r2")}
    (trainer.kit / "data.py").write_text("changed = True")
    paths.add(trainer.train())
    assert len(paths) == 4


def test_a_change_of_the_readme_does_not_train_again(trainer: Trainer) -> None:
    first = trainer.train()
    (trainer.kit / "README.md").write_text("changed")
    assert trainer.train() == first


def test_a_failure_shows_the_end_of_the_output(trainer: Trainer) -> None:
    (trainer.kit / "train_forest.py").write_text("print('epoch 1')\nraise ValueError('no trees')")
    with pytest.raises(TaskError, match=r"train_forest.py failed \(1\)") as caught:
        trainer.train()
    assert "epoch 1" in str(caught.value)
    assert "ValueError: no trees" in str(caught.value)
    kept = [path.suffix for path in (trainer.kit.parent / "cache").iterdir()]
    assert kept == [".lock"]


def test_a_script_that_writes_nothing_is_named(trainer: Trainer) -> None:
    (trainer.kit / "train_forest.py").write_text("print('done')")
    with pytest.raises(TaskError, match=r"wrote no forest.zip"):
        trainer.train()


def test_a_script_that_takes_too_long_is_stopped(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluators.baselines.TRAINING_SECONDS", 0.5)
    (trainer.kit / "train_forest.py").write_text("import time\nprint('on')\ntime.sleep(60)")
    with pytest.raises(TaskError, match=r"took more than 0.5 s"):
        trainer.train()


def test_an_unknown_name_is_met_with_the_nearest(trainer: Trainer) -> None:
    with pytest.raises(TaskError, match="no train_florest.py; did you mean 'forest'"):
        trainer.train("florest")
