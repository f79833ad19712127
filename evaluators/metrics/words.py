"""How metrics and their values are written where only a metric's name is known."""

from evaluators.metrics import METRICS

BETTER = {"maximize": "higher is better", "minimize": "lower is better"}
_DIGITS = 4


def metric_title(name: str) -> str:
    """A metric's title; of a task's own metric, its name in words."""
    return METRICS[name].title if name in METRICS else name.replace("_", " ").capitalize()


def metric_text(name: str, value: float) -> str:
    """A value with the decimals of its metric."""
    return f"{value:.{METRICS[name].digits if name in METRICS else _DIGITS}f}"


def metric_better(name: str) -> str:
    """Which scores are better, in words; of a task's own metric nothing is known here."""
    return BETTER[METRICS[name].direction] if name in METRICS else ""
