"""What the demonstration prints: steps, progress, boards and passwords."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluators.metrics.words import metric_text, metric_title

LOG_WIDTH = 120


class Show:
    """Writes to the terminal; plain lines where it is none."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        if not self.console.is_terminal:  # a log has no width of its own
            self.console = Console(highlight=False, width=LOG_WIDTH)

    def step(self, text: str) -> None:
        """A step begins."""
        self.console.print(f"[bold]{text}[/bold]")

    def line(self, text: str) -> None:
        """Something is to be known of the step; not read as markup, as it may come from a log."""
        self.console.print(f"  {text}", markup=False, soft_wrap=True)

    def board(self, title: str, rows: Sequence[dict[str, Any]], url: str) -> None:
        """A leaderboard, and where it is."""
        table = Table(title=title, title_justify="left")
        metrics = [rows[0]["score"], *rows[0]["secondary"]] if rows else []
        table.add_column("rank", justify="right")
        table.add_column("team")
        for score in metrics:
            table.add_column(metric_title(score["metric"]), justify="right")
        table.add_column("95 % interval")
        for row in rows:
            scores = [row["score"], *row["secondary"]]
            primary = row["score"]
            low, high = (metric_text(primary["metric"], primary[end]) for end in ("low", "high"))
            values = [metric_text(score["metric"], score["value"]) for score in scores]
            rank = "baseline" if row["baseline"] else str(row["rank"])
            table.add_row(rank, row["team"], *values, f"{low} to {high}")
        self.console.print(table)
        self.console.print(f"  {url}\n", markup=False, soft_wrap=True)
