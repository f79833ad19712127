"""Whether a task's data are made the same twice, and are what judging needs."""

from pathlib import Path

import numpy as np

from evaluators.check.public_files import public_arrays
from evaluators.check.workshop import Workshop
from evaluators.errors import TaskError
from evaluators.prepare import task_prepare
from evaluators.prepared import PreparedTask
from evaluators.splits import units_split

PART = "preparation"
LEAST_UNITS = 20  # of each split; fewer make an interval that says nothing


def check_preparation(workshop: Workshop, raw: Path) -> PreparedTask:
    """Prepares a task twice under the same seed.

    Raises:
        TaskError: `prepare.py` fails, or its files don't fit `task.toml`.
    """
    first, second = (
        task_prepare(
            task=workshop.task,
            data_root=workshop.folder / f"data{number}",
            seed=workshop.seed,
            sandbox=workshop.sandbox,
            raw=raw,
            on_line=lambda line: workshop.findings.say(f"      {line}"),
        )
        for number in (1, 2)
    )
    different = [
        path.relative_to(first.folder).as_posix()
        for path in sorted(first.folder.glob("p*/**/*"))
        if path.is_file() and not _same(path, second.folder / path.relative_to(first.folder))
    ]
    workshop.findings.judge(
        first.data_version == second.data_version,
        PART,
        "prepared twice with the same seed, the files are the same"
        if first.data_version == second.data_version
        else f"prepared twice with the same seed, {', '.join(different) or 'the files'} differ",
        "prepare.py draws chance from elsewhere than seed.stream(...), or depends on time or on "
        "the order of a set: judged data could not be made again",
    )
    return first


def check_schema(workshop: Workshop, prepared: PreparedTask) -> None:
    """Reads all that was prepared, and counts what there is to score."""
    findings, spec = workshop.findings, prepared.task.spec
    judged, practice = prepared.judged(), prepared.practice()
    public = units_split(
        judged.unit, public_fraction=spec.split.public_fraction, seed=workshop.seed
    )
    sides = [len(np.unique(judged.unit[side])) for side in (public, ~public)]
    told = (
        f"{len(practice)} practice items; {len(judged)} judged ones in {sides[0]} public and "
        f"{sides[1]} private units ({spec.split.group})"
    )
    if min(sides) >= LEAST_UNITS:
        findings.ok("schema", told)
    else:  # some data have no more, such as months of days
        findings.note("schema", f"{told}; of fewer than {LEAST_UNITS} a score is much luck")
    training = [array for array in public_arrays(prepared.public) if not array.practice]
    if not training and not any(prepared.public.rglob("*train*")):
        raise TaskError("there is nothing under public to learn from beside practice.npz")
    if judged.stratum is not None and spec.strata is not None:
        counts = np.bincount(judged.stratum, minlength=len(spec.strata.names))
        if empty := [spec.strata.names[i] for i in np.flatnonzero(counts == 0)]:
            findings.fail("schema", f"no judged item is in the strata {', '.join(empty)}")


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
