"""What the suite says of what it found."""

from tests.chaos.results import Result, Results, Soaked, Table, markdown, terminal_lines

RIGHT = Result(
    fault="worker/judged",
    does="kill -9",
    right="judged again",
    stack="sqlite",
    recoveries=(3.0, 9.0, 4.0),
)
OTHER = RIGHT.model_copy(update={"stack": "postgresql", "wrong": ("2 evaluations",)})
IMPOSSIBLE = RIGHT.model_copy(
    update={"fault": "database/killed", "skipped": "can't happen", "recoveries": ()}
)
SOAK = Soaked(stack="sqlite", counts={"submissions": 60, "lost": 0}, wrong=())


def test_a_cell_tells_median_and_worst() -> None:
    assert RIGHT.cell == "right 4.0 / 9.0 s"
    assert OTHER.cell == "WRONG"
    assert IMPOSSIBLE.cell == "can't happen"
    assert RIGHT.model_copy(update={"recoveries": ()}).cell == "right"


def test_a_row_has_a_cell_for_every_stack() -> None:
    table = Table(Results(faults=[RIGHT, IMPOSSIBLE, OTHER]))
    assert table.stacks == ["sqlite", "postgresql"]
    assert [cells for _, cells in table.rows()] == [
        ["right 4.0 / 9.0 s", "WRONG"],
        ["can't happen", "not run"],
    ]
    written = markdown(table, machine="a machine", timing="fast")
    assert "| worker/judged | kill -9 | judged again | right 4.0 / 9.0 s | WRONG |" in written
    assert any(line.endswith("WRONG") for line in terminal_lines(table))


def test_whatever_is_wrong_is_told() -> None:
    results = Results(faults=[RIGHT, OTHER], soaks=[SOAK], at_the_end=["a process"])
    assert results.wrong == [
        "postgresql worker/judged: 2 evaluations",
        "at the end: a process",
    ]
    assert Results(faults=[RIGHT, IMPOSSIBLE], soaks=[SOAK]).wrong == []
    assert SOAK.line == "SQLite + filesystem broker: 60 submissions, 0 lost: right"
    assert SOAK.model_copy(update={"wrong": ("1 lost",)}).line.endswith("WRONG")
