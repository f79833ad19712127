"""`expected.json`: the scores that a task's known solutions reach, and how far they may stray."""

import math
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from evaluators.errors import TaskError
from evaluators.spec_errors import did_you_mean, errors_explain
from evaluators.strict import Name, Strict

EXPECTED_FILE = "expected.json"
LEAST_DEVIATIONS = 3
Role = Literal["trivial", "baseline", "reference"]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class ExpectedScore(Strict):
    """What one solution scores on the public split, by the primary metric.

    Attributes:
        role: the anchor of points that it stands for.
        mean: mean score over several installations' seeds.
        tolerance: a score further from the mean says that something has changed.
        sd: standard deviation of those scores.
        seeds: how many there were.
    """

    role: Role
    mean: Finite
    tolerance: Finite = Field(gt=0)
    sd: Finite = Field(ge=0)
    seeds: int = Field(ge=2)

    @model_validator(mode="after")
    def _tolerance_is_wide(self) -> Self:
        if self.tolerance < LEAST_DEVIATIONS * self.sd:
            raise ValueError(f"tolerance must be at least {LEAST_DEVIATIONS} sd")
        return self

    @property
    def low(self) -> float:
        """Lower end of the pin."""
        return self.mean - self.tolerance

    @property
    def high(self) -> float:
        """Upper end of the pin."""
        return self.mean + self.tolerance

    def holds(self, score: float) -> bool:
        """Whether a score is inside the pin."""
        return math.isfinite(score) and self.low <= score <= self.high


class Expected(Strict):
    """The whole of `expected.json`.

    Attributes:
        primary: the metric of all scores in it.
        solutions: by name, as in the kit's `train_<name>.py`.
    """

    primary: Name
    solutions: dict[Name, ExpectedScore] = Field(min_length=1)

    def solution(self, name: str) -> ExpectedScore:
        """Returns the pin of a solution.

        Raises:
            TaskError: there is none of this name.
        """
        if name not in self.solutions:
            near = did_you_mean(name, self.solutions)
            raise TaskError(f"{EXPECTED_FILE} has no solution {name!r}{near}")
        return self.solutions[name]

    def inside(self, name: str, score: float) -> bool:
        """Whether a solution's score is inside its pin.

        Raises:
            TaskError: there is no solution of this name.
        """
        return self.solution(name).holds(score)


def expected_load(task_folder: Path) -> Expected:
    """Reads `expected.json` in a task's folder.

    Raises:
        TaskError: there is none, or it is not valid; names the file, each key and the problem.
    """
    path = task_folder / EXPECTED_FILE
    try:
        return Expected.model_validate_json(path.read_bytes())
    except OSError as error:
        raise TaskError(
            f"{path} can't be read: {error}. Measure it with python -m scripts.measure_expected."
        ) from error
    except ValidationError as error:
        raise TaskError(f"{path} is not valid:\n{errors_explain(error, Expected)}") from error
