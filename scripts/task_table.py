"""Writes the table of tasks and baselines into docs/tasks.md, from the last `make demo`.

.venv/bin/python -m scripts.task_table
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from evaluators.expected import expected_load
from evaluators.installation import data_folder, var_folder
from evaluators.metrics.words import metric_text, metric_title
from evaluators.prepare import prepared_find
from evaluators.prepared import PreparedTask
from evaluators.task import task_find

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "tasks.md"
BEGIN, END = "<!-- table of tasks: begin -->", "<!-- table of tasks: end -->"
ROLES = ("trivial", "baseline", "reference")
HEAD = """\
| task | rows | solution | role | score on the public board, 95 % interval | trained | judged |
| --- | --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    boards = json.loads((var_folder() / "demo.json").read_text())
    results = [row for rows in boards.values() for row in rows if "task" in row]
    lines = []
    for slug in sorted({row["task"] for row in results}):
        lines += task_lines(slug, [row for row in results if row["task"] == slug])
    table = HEAD + "\n".join(lines) + "\n"
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}{END}{after}")
    print(table)


def task_lines(slug: str, results: list[dict[str, Any]]) -> list[str]:
    """A line for each baseline of a task, the trivial one first."""
    prepared = prepared_find(task_find(ROOT / "tasks", slug), data_folder(var_folder()))
    expected = expected_load(prepared.task.folder)
    metric = prepared.task.spec.metrics.primary
    first = [f"`{slug}`", rows_text(prepared)]
    lines = []
    for row in sorted(results, key=lambda one: ROLES.index(expected.solution(one["name"]).role)):
        value, low, high = (
            "–" if row[key] is None else metric_text(metric, row[key])
            for key in ("score", "low", "high")
        )
        score = f"{metric_title(metric)} {value} ({low} to {high})"
        role = expected.solution(row["name"]).role
        times = [f"{row[key]:.0f} s" for key in ("trained_seconds", "judged_seconds")]
        lines.append(f"| {' | '.join([*first, row['name'], role, score, *times])} |")
        first = ["", ""]
    return lines


def rows_text(prepared: PreparedTask) -> str:
    """How many items there are to train on, to try, and to be judged on."""
    with np.load(prepared.public / "train.npz", allow_pickle=False) as file:
        train = len(file[file.files[0]])
    judged = len(prepared.judged())
    return f"{train:,} to train on, {len(prepared.practice()):,} to try, {judged:,} judged"


if __name__ == "__main__":
    main()
