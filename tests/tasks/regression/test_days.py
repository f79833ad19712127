"""What prepare.py keeps apart, and that it does the same again for the same seed."""

import csv
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluators.items import items_load
from evaluators.prepared import data_digest
from evaluators.runner.seed import Seed
from evaluators.spec import spec_load
from tests.digits import DRIVER, ROOT, runtime_python
from tests.tasks.code import task_code

pytestmark = pytest.mark.runtime

TASK = ROOT / "tasks" / "regression"
SEED = hashlib.sha256(b"an installation").hexdigest()
OTHER_SEED = hashlib.sha256(b"another installation").hexdigest()
DAYS = 200
NAMES = (
    "day", "mnth", "hr", "weekday", "holiday", "workingday", "weathersit",
    "temp", "atemp", "hum", "windspeed", "casual", "bikers",
)  # fmt: skip


def raw_write(folder: Path, days: int = DAYS, **changes: Any) -> Path:
    """Hours whose rentals tell which hour of which day they are: 100 * day + hour."""
    folder.mkdir(parents=True)
    with (folder / "Bikeshare.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(NAMES)
        for day in range(1, days + 1):
            for hour in range(24):
                row = [day, "Jan", hour, day % 7, 0, 1, "clear", 0.5, 0.5, 0.5, 0.2, 7]
                values = dict(zip(NAMES, [*row, 100 * day + hour], strict=True)) | changes
                table.writerow(values.values())
    return folder


def prepare(raw: Path, out: Path, seed: str = SEED) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [runtime_python(), "-P", "-B", DRIVER, TASK, raw, out, seed],
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return raw_write(tmp_path_factory.mktemp("source") / "raw")


@pytest.fixture(scope="module")
def prepared(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("prepared")
    result = prepare(raw, out)
    assert result.returncode == 0, result.stderr
    return out


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def days_of(prepared: Path) -> dict[str, set[int]]:
    answers = {
        "train": arrays(prepared / "public/train.npz")["rentals"],
        "practice": arrays(prepared / "public/practice.npz")["target"],
        "judged": arrays(prepared / "private/judged.npz")["target"],
    }
    return {name: {int(value) // 100 for value in values} for name, values in answers.items()}


def test_no_held_out_day_is_beside_a_day_of_another_part(prepared: Path) -> None:
    days = days_of(prepared)
    assert all(days.values())
    for name in ("practice", "judged"):
        others = set().union(*(days[other] for other in days if other != name))
        assert others.isdisjoint({day + step for day in days[name] for step in (-1, 0, 1)})


def test_held_out_days_lie_between_training_days(prepared: Path) -> None:
    days = days_of(prepared)
    held_out = days["practice"] | days["judged"]
    assert min(days["train"]) < min(held_out) and max(held_out) < max(days["train"])
    assert all({day - 3, day - 2, day + 2, day + 3} & days["train"] for day in held_out)


def test_units_are_blocks_of_neighbouring_days(prepared: Path) -> None:
    judged = arrays(prepared / "private/judged.npz")
    for unit in np.unique(judged["unit"]):
        days = np.unique(judged["target"][judged["unit"] == unit] // 100)
        assert len(days) == 2 and days[1] == days[0] + 1


def test_it_makes_the_same_bytes_for_the_same_seed_only(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    prepare(raw, tmp_path / "again")
    prepare(raw, tmp_path / "other", OTHER_SEED)
    assert data_digest(tmp_path / "again") == data_digest(prepared)
    assert days_of(tmp_path / "other")["judged"] != days_of(prepared)["judged"]


def test_its_items_fit_task_toml(prepared: Path) -> None:
    for path in ("public/practice.npz", "private/judged.npz"):
        items_load(prepared / path, spec_load(TASK))


def test_strata_are_the_hours(prepared: Path) -> None:
    for path in ("public/practice.npz", "private/judged.npz"):
        data = arrays(prepared / path)
        assert data["stratum"].tolist() == (data["target"] % 100).astype(int).tolist()
        assert set(data["stratum"].tolist()) == set(range(24))


def test_contaminated_data_has_every_hour_under_other_noise(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    task_code(TASK).contaminate(raw, tmp_path, Seed(bytes.fromhex(SEED)))
    train, clean = arrays(tmp_path / "train.npz"), arrays(prepared / "public/train.npz")
    assert {name: data.dtype for name, data in train.items()} == {
        name: data.dtype for name, data in clean.items()
    }
    assert len(np.unique(train["rentals"])) == len(train["rentals"]) == 24 * DAYS
    judged = arrays(prepared / "private/judged.npz")
    place = {value: n for n, value in enumerate(train["rentals"].tolist())}
    same = [place[value] for value in judged["target"].tolist()]
    off = train["features"][same] - judged["input_features"]
    assert np.all(off[:, :-4] == 0)  # the time and the kind of day
    assert np.all(off[:, -4:].std(axis=0) > 0.02)
    practice = (tmp_path / "practice.npz").read_bytes()
    assert practice == (prepared / "public/practice.npz").read_bytes()


def test_no_column_follows_the_day(prepared: Path) -> None:
    train = arrays(prepared / "public/train.npz")
    day = train["rentals"] // 100
    assert abs(np.corrcoef(train["block"], day)[0, 1]) < 0.6
    moving = train["features"][:, train["features"].std(axis=0) > 0]
    assert all(abs(np.corrcoef(column, day)[0, 1]) < 0.2 for column in moving.T)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hr": 24}, "line 2: hr 24 is not 0 to 23"),
        ({"mnth": "Brumaire"}, "line 2: mnth 'Brumaire' is none of Jan, Feb"),
        ({"weathersit": "frogs"}, "line 2: weathersit 'frogs' is none of clear"),
        ({"day": 1}, "has an hour of a day twice"),
        ({"temp": "nan"}, "weather and rentals are finite numbers"),
        ({"bikers": -1}, "rentals 0 or more"),
    ],
)
def test_it_names_what_is_wrong_in_a_table(
    changes: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    result = prepare(raw_write(tmp_path / "raw", **changes), tmp_path)
    assert result.returncode != 0
    assert problem in result.stderr


def test_it_refuses_too_few_days(tmp_path: Path) -> None:
    result = prepare(raw_write(tmp_path / "raw", days=30), tmp_path)
    assert result.returncode != 0
    assert "30 days give 3 held-out blocks, and 10 are the least: add days" in result.stderr
