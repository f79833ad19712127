"""Items of the practice sample in the order of how surely a classifier is wrong about them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluators.diagnostics.answered import Answered
from evaluators.diagnostics.classes import answers


@dataclass(frozen=True, slots=True)
class Judged:
    """An item and what a classifier says of it.

    Attributes:
        item: its row in the practice sample.
        true: its class.
        answer: the most probable class.
        sure: that class's probability.
    """

    item: int
    true: int
    answer: int
    sure: float

    @property
    def is_right(self) -> bool:
        """Whether the answer is right."""
        return self.true == self.answer


def worst_first(answered: Answered, count: int) -> Iterator[Judged]:
    """The surest mistakes, then what is right with the least certainty."""
    values = answered.predictions.astype(np.float64)
    sure = values.max(axis=1) / values.sum(axis=1)
    true, said = answered.items.target.astype(np.int64), answers(answered)
    wrong = said != true
    order = np.argsort(np.where(wrong, -1.0 - sure, sure), kind="stable")
    for item in order[:count]:
        yield Judged(int(item), int(true[item]), int(said[item]), float(sure[item]))
