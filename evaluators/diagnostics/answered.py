"""Items with a model's answers, and how small a group of them may be to be told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from evaluators.items import Items
from evaluators.report import Split
from evaluators.spec import TaskSpec

# Of judged items nothing is told that is of fewer units than this.
LEAST_UNITS = 20
# Numbers of judged units are told in tens, rounded down.
UNIT_STEP = 10
FIGURES = 3
NAMES = 20

Chosen = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answered:
    """Items of one split with a model's answers to them.

    Attributes:
        spec: of the task.
        items: those of the split alone.
        predictions: [N, ...], checked, in the order of the items.
        split: practice or public.
    """

    spec: TaskSpec
    items: Items
    predictions: NDArray[np.generic]
    split: Split

    @property
    def secret(self) -> bool:
        """Whether students don't hold these items, so that only groups of them may be told of."""
        return self.split is not Split.PRACTICE

    @property
    def least(self) -> int:
        """The fewest units of a group that is told of."""
        return LEAST_UNITS if self.secret else 1

    def units(self, chosen: Chosen) -> int:
        """How many units the chosen items are of."""
        return len(np.unique(self.items.unit[chosen]))

    def enough(self, chosen: Chosen) -> bool:
        """Whether these items are of enough units to be told of together."""
        return self.units(chosen) >= self.least

    def number(self, chosen: Chosen) -> int:
        """How many units these items are of, as it is told."""
        units = self.units(chosen)
        return units // UNIT_STEP * UNIT_STEP if self.secret else units

    @property
    def units_title(self) -> str:
        """The title of a column of such numbers."""
        return "units, in tens" if self.secret else "units"

    def left_out(self, names: Sequence[str]) -> tuple[str, ...]:
        """The note that groups are left out, if any are."""
        if not names:
            return ()
        shown = ", ".join(names[:NAMES]) + (" …" if len(names) > NAMES else "")
        if not self.secret:
            return (f"Without items: {shown}.",)
        return (f"Left out, so that nothing is told of fewer than {self.least} units: {shown}.",)


def answered_public(
    spec: TaskSpec, items: Items, predictions: NDArray[np.generic], public: Chosen
) -> Answered:
    """The public ones of judged items: what follows has nothing of the private ones.

    Args:
        spec: of the task.
        items: the judged items.
        predictions: [N, ...], in their order.
        public: bool [N], from `units_split`.
    """
    chosen = Items(
        # Of inputs only texts are needed, for their lengths; images would be large.
        {
            name: array[public]
            for name, array in items.inputs.items()
            if spec.input[name].dtype == "text"
        },
        items.target[public],
        items.unit[public],
        None if items.stratum is None else items.stratum[public],
    )
    answers = predictions[public]
    if spec.output_kind == "bits":
        # As wide as the longest document is long, which may be a private one.
        longest = max((len(str(text).encode()) for text in chosen.inputs["text"]), default=0)
        answers = answers[:, : longest + 1]
    return Answered(spec, chosen, answers, Split.PUBLIC)


def percent(share: float) -> int:
    """A share as a whole percent."""
    return round(100 * float(share))


def figures(value: float) -> float:
    """A value with three significant figures."""
    value = float(value)
    if value == 0 or not isfinite(value):
        return value
    return round(value, FIGURES - 1 - floor(log10(abs(value))))
