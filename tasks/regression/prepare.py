"""Makes the data of the bike rentals: held-out days lie between training days, never beside them.

A random half of the hours would be no test: the hour before tells most of the next one. So whole
blocks of days are held out, with a day left out on either side. Which days those are follows from
the installation's secret seed.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

RAW_FILE = "Bikeshare.csv"

TRAIN_DAYS = (3, 5)  # between two held-out blocks, drawn anew each time
HELD_OUT_DAYS = 2
GAP_DAYS = 1  # in no part, between training and held-out days
HELD_OUT_LOT = 5  # of so many blocks one is for practice, and the others are judged
LEAST_BLOCKS = 10

MONTHS = (
    "Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
SKIES = {
    "clear": (0, 0),
    "cloudy/misty": (1, 0),
    "light rain/snow": (0, 1),
    "heavy rain/snow": (0, 1),
}
MEASURED = ("temp", "atemp", "hum", "windspeed")
NEEDED = (
    "day",
    "mnth",
    "hr",
    "weekday",
    "holiday",
    "workingday",
    "weathersit",
    *MEASURED,
    "bikers",
)
NOISE = 0.02  # standard deviation; temperatures, humidity and wind run from 0 to 1


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Hours(NamedTuple):
    """Hours with the rentals in them.

    features: float32 [N, 14], in the order of `columns` in task.toml.
    rentals: float32 [N].
    day: int64 [N], counted from the first day of the file.
    hour: int64 [N], of the day.
    """

    features: NDArray[np.float32]
    rentals: NDArray[np.float32]
    day: NDArray[np.int64]
    hour: NDArray[np.int64]


class Blocks(NamedTuple):
    """Days of each part: arrays of day numbers, one array for each block."""

    train: list[NDArray[np.int64]]
    practice: list[NDArray[np.int64]]
    judged: list[NDArray[np.int64]]


class Part(NamedTuple):
    """Hours of one part, in no order.

    features: float32 [N, 14], with noise on what was measured.
    rentals: float32 [N].
    block: int64 [N], the number of the block of days that an hour is of.
    hour: int64 [N], of the day.
    """

    features: NDArray[np.float32]
    rentals: NDArray[np.float32]
    block: NDArray[np.int64]
    hour: NDArray[np.int64]


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    hours = read(raw / RAW_FILE)
    blocks = divide(*first_and_last(hours), seed.stream("which days are judged"))
    for folder in (public, private):
        folder.mkdir(parents=True, exist_ok=True)
    write_train(public / "train.npz", make(hours, blocks.train, seed, "train"))
    write_items(public / "practice.npz", make(hours, blocks.practice, seed, "practice"))
    write_items(private / "judged.npz", make(hours, blocks.judged, seed, "judged"))


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes what somebody has who trains on the whole source, the judged days included.

    Nobody is given this. It tells how much looking up the source would gain: the noise here is
    another than that of the judged hours, which stays secret.
    """
    hours = read(raw / RAW_FILE)
    first, last = first_and_last(hours)
    blocks = divide(first, last, seed.stream("which days are judged"))
    everything = np.array_split(np.arange(first, last + 1), len(blocks.train))
    public.mkdir(parents=True, exist_ok=True)
    write_train(public / "train.npz", make(hours, everything, seed, "look-up"))
    write_items(public / "practice.npz", make(hours, blocks.practice, seed, "practice"))


def read(path: Path) -> Hours:
    """Reads one row an hour, as in the package's file; columns that it does not need are ignored.

    How many of the bikers were casual and how many registered is among those: the two add up to
    the answer. `season` follows from the month.
    """
    print("reading the hours", flush=True)
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.DictReader(file)
        if missing := set(NEEDED) - set(lines.fieldnames or ()):
            raise ValueError(f"{path.name} lacks the columns {', '.join(sorted(missing))}")
        rows = list(lines)
    features, rentals, moments = [], [], []
    for number, row in enumerate(rows, start=2):
        try:
            features.append(describe(row))
            rentals.append(float(row["bikers"]))
            moments.append((int(row["day"]), int(row["hr"])))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    if len(set(moments)) != len(rows):
        raise ValueError(f"{path.name} has an hour of a day twice; day goes on from year to year")
    if not np.isfinite(features).all() or not all(0 <= value < np.inf for value in rentals):
        raise ValueError(f"{path.name}: weather and rentals are finite numbers, rentals 0 or more")
    return Hours(
        np.array(features, np.float32).reshape(len(rows), -1),
        np.array(rentals, np.float32),
        np.array([day for day, _ in moments], np.int64),
        np.array([hour for _, hour in moments], np.int64),
    )


def describe(row: dict[str, str]) -> list[float]:
    """The features of an hour. Nothing in them goes on from day to day."""
    if row["mnth"] not in MONTHS:
        raise ValueError(f"mnth {row['mnth']!r} is none of {', '.join(MONTHS)}")
    if row["weathersit"] not in SKIES:
        raise ValueError(f"weathersit {row['weathersit']!r} is none of {', '.join(SKIES)}")
    return [
        *on_circle(int(row["hr"]), 24, "hr"),
        *on_circle(int(row["weekday"]), 7, "weekday"),
        *on_circle(MONTHS.index(row["mnth"]), 12, "mnth"),
        float(row["holiday"]),
        float(row["workingday"]),
        *SKIES[row["weathersit"]],
        *(float(row[name]) for name in MEASURED),
    ]


def on_circle(value: int, around: int, name: str) -> tuple[float, float]:
    """Sine and cosine, so that the last hour of a day is as near to the first as any two hours."""
    if not 0 <= value < around:
        raise ValueError(f"{name} {value} is not 0 to {around - 1}")
    angle = 2 * np.pi * value / around
    return float(np.sin(angle)), float(np.cos(angle))


def first_and_last(hours: Hours) -> tuple[int, int]:
    """The first and the last day."""
    days = hours.day.tolist() or [0]
    return min(days), max(days)


def divide(first: int, last: int, random: np.random.Generator) -> Blocks:
    """Divides the days into training blocks with held-out blocks between them.

    Every held-out block lies between two training blocks, a gap away from either.
    """
    train, held_out = [], []
    day = first
    while True:
        length = int(random.integers(*TRAIN_DAYS, endpoint=True))
        until = day + length + 2 * GAP_DAYS + HELD_OUT_DAYS
        if until + TRAIN_DAYS[0] - 1 > last:  # no room for another block and training days after it
            train.append(np.arange(day, last + 1))
            break
        train.append(np.arange(day, day + length))
        start = day + length + GAP_DAYS
        held_out.append(np.arange(start, start + HELD_OUT_DAYS))
        day = until
    if len(held_out) < LEAST_BLOCKS:
        raise ValueError(
            f"{last - first + 1} days give {len(held_out)} held-out blocks, and {LEAST_BLOCKS} are "
            f"the least: add days"
        )
    chosen = set()  # one in each lot, so that practice days are from the whole year, too
    for start in range(0, len(held_out), HELD_OUT_LOT):
        lot = range(start, min(start + HELD_OUT_LOT, len(held_out)))
        chosen.add(int(random.choice(lot)))
    return Blocks(
        train,
        practice=[block for i, block in enumerate(held_out) if i in chosen],
        judged=[block for i, block in enumerate(held_out) if i not in chosen],
    )


def make(hours: Hours, blocks: Sequence[NDArray[np.int64]], seed: Seed, name: str) -> Part:
    """Collects the hours of these blocks of days.

    Blocks are numbered by chance, as numbers that rose with the year would tell which are judged.
    """
    numbers = seed.stream(f"numbers of {name}").permutation(len(blocks))
    number_of = {int(day): n for n, days in zip(numbers, blocks, strict=True) for day in days}
    rows = np.flatnonzero(np.isin(hours.day, list(number_of)))
    rows = seed.stream(f"order of {name}").permutation(rows)
    features = hours.features[rows]
    noise = seed.stream(f"noise of {name}").standard_normal((len(rows), len(MEASURED)))
    features[:, -len(MEASURED) :] += NOISE * noise
    block = np.array([number_of[day] for day in hours.day[rows].tolist()], np.int64)
    print(f"{name}: {len(rows)} hours of {len(blocks)} blocks of days", flush=True)
    return Part(features, hours.rentals[rows], block, hours.hour[rows])


def write_train(path: Path, part: Part) -> None:
    """Writes what there is to learn from."""
    np.savez_compressed(path, features=part.features, rentals=part.rentals, block=part.block)


def write_items(path: Path, part: Part) -> None:
    """Writes a part in the form in which items are judged; errors are told by the hour."""
    np.savez_compressed(
        path,
        input_features=part.features,
        target=part.rentals,
        unit=part.block,
        stratum=part.hour,
    )
