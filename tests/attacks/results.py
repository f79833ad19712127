"""The results of the suite as a table: attack by backend."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.attacks.attack import Attack


class Status(StrEnum):
    """How an attack ended on a backend."""

    CONTAINED = "contained"
    BROKEN = "BROKEN"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Result:
    """A cell of the table."""

    attack: Attack
    backend: str
    status: Status
    seconds: float


@dataclass(frozen=True, slots=True)
class Table:
    """All cells, by attack and backend."""

    cells: dict[tuple[str, str], Result]
    attacks: dict[str, Attack]
    backends: tuple[str, ...]

    def summary(self) -> Iterator[str]:
        """A line a backend: how many of each, and how long all took."""
        for backend in self.backends:
            cells = [cell for (_, name), cell in self.cells.items() if name == backend]
            counts = {status: sum(c.status is status for c in cells) for status in Status}
            told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
            yield f"{backend}: {told}, {sum(cell.seconds for cell in cells):.0f} s"

    def rows(self) -> Iterator[tuple[Attack, list[str]]]:
        """An attack and what its cells say."""
        for title, attack in self.attacks.items():
            cells = [self.cells.get((title, backend)) for backend in self.backends]
            yield (
                attack,
                [f"{c.status} {c.seconds:.1f} s" if c else Status.NOT_RUN.value for c in cells],
            )


def table_of(results: Iterable[Result]) -> Table:
    """Arranges results."""
    found = list(results)
    return Table(
        cells={(result.attack.title, result.backend): result for result in found},
        attacks={result.attack.title: result.attack for result in found},
        backends=tuple(dict.fromkeys(result.backend for result in found)),
    )


def terminal_lines(table: Table) -> Iterator[str]:
    """For the end of a test run."""
    yield " " * 36 + "".join(f"{backend:20}" for backend in table.backends)
    for attack, cells in table.rows():
        yield f"{attack.title:36}" + "".join(f"{cell:20}" for cell in cells).rstrip()
    yield ""
    yield from table.summary()


def markdown(table: Table, machine: str) -> str:
    """For the documentation."""
    lines = [
        "# The attack table",
        "",
        "Written by `make attacks`, which judges each of these submissions on each backend: "
        "see `tests/attacks/`. *Contained* means that it ended with the verdict that it must have, "
        "proved that it had tried, saw nothing that it must not see, and left no process, mount, "
        "control group, container, file, descriptor or thread behind. Attacks that share a "
        "submission share its seconds: the first row has them.",
        "",
        f"Run on: {machine}.",
        "",
        *(f"- {line}" for line in table.summary()),
        "",
        "| attack | tries | " + " | ".join(table.backends) + " |",
        "| --- | --- |" + " --- |" * len(table.backends),
    ]
    for attack, cells in table.rows():
        tries = attack.tries.replace("|", "\\|")
        lines.append(f"| {attack.title} | {tries} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
