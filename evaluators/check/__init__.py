"""Proves a task before students see it: `python -m evaluators check`."""

from evaluators.check.bench import Bench
from evaluators.check.findings import CheckReport, Finding, Level
from evaluators.check.run import task_check

__all__ = ["Bench", "CheckReport", "Finding", "Level", "task_check"]
