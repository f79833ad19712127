"""What came of the faults, as a table: fault by stack."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from tests.chaos.stacks import STACKS


class Result(BaseModel):
    """A cell of the table.

    Attributes:
        fault: its title.
        does: what is done.
        right: what must come of it.
        stack: on which.
        skipped: why it was not done there; empty if it was.
        recoveries: seconds from each strike to the end of what it was meant for.
        wrong: what was not as it must be; empty if all was.
        seconds: all that it took.
    """

    model_config = ConfigDict(frozen=True)

    fault: str
    does: str
    right: str
    stack: str
    skipped: str = ""
    recoveries: tuple[float, ...] = ()
    wrong: tuple[str, ...] = ()
    seconds: float = 0.0

    def and_again(self, other: "Result") -> "Result":
        """This with what came of doing it once more."""
        return self.model_copy(
            update={
                "recoveries": self.recoveries + other.recoveries,
                "wrong": self.wrong + other.wrong,
                "seconds": self.seconds + other.seconds,
            }
        )

    @property
    def cell(self) -> str:
        """Outcome and recovery in words."""
        if self.skipped:
            return self.skipped
        if self.wrong:
            return "WRONG"
        if not self.recoveries:
            return "right"
        middle = statistics.median(self.recoveries)
        return f"right {middle:.1f} / {max(self.recoveries):.1f} s"


class Soaked(BaseModel):
    """What came of a soak.

    Attributes:
        stack: on which.
        counts: what was counted, by what it is.
        wrong: what was not as it must be.
    """

    model_config = ConfigDict(frozen=True)

    stack: str
    counts: dict[str, int]
    wrong: tuple[str, ...]

    @property
    def line(self) -> str:
        """All counts in a line."""
        told = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return f"{STACKS[self.stack]}: {told}: {'WRONG' if self.wrong else 'right'}"


class Results(BaseModel):
    """All that a run found out.

    Attributes:
        at_the_end: what was wrong when all was over.
    """

    faults: list[Result] = []
    soaks: list[Soaked] = []
    at_the_end: list[str] = []

    @property
    def wrong(self) -> list[str]:
        """Everything that was not as it must be."""
        return [
            *(f"{one.stack} {one.fault}: {line}" for one in self.faults for line in one.wrong),
            *(f"{one.stack} soak: {line}" for one in self.soaks for line in one.wrong),
            *(f"at the end: {line}" for line in self.at_the_end),
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a run, by fault and stack."""

    results: Results

    @property
    def stacks(self) -> list[str]:
        """Those that were run."""
        return [name for name in STACKS if name in {one.stack for one in self.results.faults}]

    def rows(self) -> Iterator[tuple[Result, list[str]]]:
        """A fault and what its cells say."""
        by_fault: dict[str, dict[str, Result]] = {}
        for one in self.results.faults:
            by_fault.setdefault(one.fault, {})[one.stack] = one
        for cells in by_fault.values():
            yield (
                next(iter(cells.values())),
                [cells[name].cell if name in cells else "not run" for name in self.stacks],
            )


def terminal_lines(table: Table) -> Iterator[str]:
    """For the end of a run."""
    yield f"{'':34}" + "".join(f"{STACKS[name]:28}" for name in table.stacks).rstrip()
    for fault, cells in table.rows():
        yield f"{fault.fault:34}" + "".join(f"{cell:28}" for cell in cells).rstrip()
    yield from (f"soak on {one.line}" for one in table.results.soaks)


def markdown(table: Table, *, machine: str, timing: str) -> str:
    """For the documentation."""
    lines = [
        "# The chaos table",
        "",
        "Written by `make chaos`, which breaks a running installation in each of these ways on "
        "each stack: see `tests/chaos/`. *Right* means that every submission, those of bystanders "
        "too, ended with the verdict that it must have, exactly once: one evaluation, each score "
        "once and with its known value, one standing that a recomputation agrees with, the quota "
        "that the student sees neither spent by our fault nor given away, no file without a row, "
        "no row without its file, and no process, mount, control group or folder left behind. The "
        "seconds are from the strike to the end of what was struck: median / worst of the "
        "repetitions.",
        "",
        f"Run on: {machine}. {timing}",
        "",
        "| fault | what is done | what must come of it | "
        + " | ".join(STACKS[name] for name in table.stacks)
        + " |",
        "| --- | --- | --- |" + " --- |" * len(table.stacks),
    ]
    for fault, cells in table.rows():
        lines.append("| " + " | ".join([fault.fault, fault.does, fault.right, *cells]) + " |")
    if table.results.soaks:
        lines += ["", "## The soak", "", *(f"- {one.line}" for one in table.results.soaks)]
    return "\n".join(lines) + "\n"
