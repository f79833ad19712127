"""The part of `task.toml` about metrics."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from evaluators.metrics import METRICS, Metric, own_metric
from evaluators.spec_errors import did_you_mean
from evaluators.strict import Listed, Name, Strict


class OwnMetric(Strict):
    """A metric that the task's own `scorer.py` computes.

    Attributes:
        title: as a board shows it.
        direction: whether a larger or a smaller score is better.
        digits: decimals that a board shows.
    """

    title: str = Field(min_length=1, max_length=40)
    direction: Literal["maximize", "minimize"]
    digits: int = Field(default=4, ge=0, le=8)


class Metrics(Strict):
    """Which metrics are computed; the primary one ranks.

    Attributes:
        primary: a key of `METRICS` or of `own`.
        secondary: more of them, shown beside it.
        scorer: "scorer:FUNCTION", the function of the task's `scorer.py` that computes `own`.
        own: metrics of the task itself, by name.
        too_good: a primary score better than this is shown to instructors as suspicious.
    """

    primary: str
    secondary: Listed[str] = ()
    scorer: str | None = Field(default=None, pattern=r"^scorer:[a-z_][a-z0-9_]{0,39}$")
    own: dict[Name, OwnMetric] = {}
    too_good: float | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.names:
            if name not in METRICS and name not in self.own:
                known = METRICS.keys() | self.own.keys()
                raise ValueError(f"unknown metric {name!r}{did_you_mean(name, known)}")
        if len(set(self.names)) != len(self.names):
            raise ValueError("a metric is listed twice")
        if taken := METRICS.keys() & self.own.keys():
            raise ValueError(f"own: {min(taken)!r} is the name of a built-in metric; take another")
        if unused := self.own.keys() - set(self.names):
            raise ValueError(f"own: {min(unused)!r} is neither primary nor secondary")
        if bool(self.own) != (self.scorer is not None):
            raise ValueError('scorer = "scorer:score" and own metrics need each other')
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """All metrics, the primary one first."""
        return (self.primary, *self.secondary)

    def is_too_good(self, scores: Iterable[float]) -> bool:
        """Whether one of these primary scores is better than the threshold of suspicion."""
        if self.too_good is None:
            return False
        key = self.metric(self.primary).sort_key
        return any(key(score) < key(self.too_good) for score in scores)

    def metric(self, name: str) -> Metric:
        """Returns a metric by its name, whether it is built in or the task's own."""
        if name in self.own:
            return own_metric(name, **self.own[name].model_dump())
        return METRICS[name]
