"""`springboard competitions`, `download` and `leaderboard`."""

import argparse
from pathlib import Path

from evaluators.metrics.words import metric_text, metric_title
from springboard.cli.named import competition_named
from springboard.cli.output import Output
from springboard.client import Springboard
from springboard.progress import Progress
from springboard.results import BoardRow, Competition
from springboard.terminal import table


def competitions(options: argparse.Namespace, output: Output) -> int:
    """Lists competitions."""
    with Springboard(options.server, tell=output.note) as board:
        found = board.competitions()
        server = board.server
    text = _competitions_text(found)
    if not found:
        text = f"There is no competition for you yet. Join a course: {server}/join/"
    output.result(text, [one.model_dump(mode="json") for one in found])
    return 0


def download(options: argparse.Namespace, output: Output) -> int:
    """Downloads kit and data into one folder."""
    lines: dict[str, Progress] = {}

    def show(what: str, got: int, total: int) -> None:
        if what not in lines:
            for line in lines.values():
                line.end()
            lines[what] = Progress(f"downloading the {what}", quiet=output.quiet)
        lines[what].update(got, total)

    with Springboard(options.server, tell=output.note) as board:
        try:
            folder = board.download(
                competition_named(options), options.path, force=options.force, on_bytes=show
            )
        finally:
            for line in lines.values():
                line.end()
    output.result(_next_steps(folder), {"folder": str(folder)})
    return 0


def leaderboard(options: argparse.Namespace, output: Output) -> int:
    """Shows the leaderboard."""
    with Springboard(options.server, tell=output.note) as board:
        # One more than is shown, to know whether there are more.
        rows = board.leaderboard(competition_named(options), limit=options.limit + 1)
    shown = rows[: options.limit]
    output.result(_board_text(shown), [row.model_dump(mode="json") for row in shown])
    if len(rows) > len(shown):
        output.note(f"The board is longer; -n {10 * options.limit} shows more of it.")
    return 0


def _competitions_text(found: tuple[Competition, ...]) -> str:
    rows = [
        (
            one.slug,
            one.title,
            one.course.title,
            "open" if one.is_open else "closed",
            f"{one.closes_at.astimezone():%Y-%m-%d %H:%M}",
        )
        for one in found
    ]
    return table(("competition", "title", "course", "", "closes"), rows, frozenset())


def _board_text(rows: tuple[BoardRow, ...]) -> str:
    if not rows:
        return "Nobody is on the board yet."
    metrics = [score.metric for score in (rows[0].score, *rows[0].secondary)]
    lines = []
    for row in rows:
        values = {score.metric: score.value for score in (row.score, *row.secondary)}
        shown = [metric_text(name, values[name]) if name in values else "" for name in metrics]
        low, high = (metric_text(row.score.metric, end) for end in (row.score.low, row.score.high))
        rank = "–" if row.rank is None else str(row.rank)
        lines.append((rank, row.team, *shown, f"{low} to {high}", str(row.submissions)))
    head = ("rank", "team", *map(metric_title, metrics), "95 % interval", "scored")
    numbers = frozenset({0, *range(2, 2 + len(metrics)), len(head) - 1})
    return table(head, lines, numbers)


def _next_steps(folder: Path) -> str:
    here = Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    lines = [f"Downloaded to {shown}. Next:", f"  cd {_quoted(str(shown))}"]
    if (folder / "requirements.txt").is_file():
        lines.append("  python -m pip install -r requirements.txt")
    if (folder / "README.md").is_file():
        lines.append("and go on as README.md says.")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
