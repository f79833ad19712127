"""`task.toml`, parsed: strict, frozen, with errors that name file, key and fix."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from evaluators.errors import TaskError
from evaluators.spec_errors import errors_explain
from evaluators.spec_metrics import Metrics
from evaluators.spec_source import Source
from evaluators.strict import Listed, Name, Strict

SPEC_FILE = "task.toml"
# A task's version: all that decides how a submission is judged, and nothing else.
VERSIONED_FILES = (SPEC_FILE, "prepare.py", "scorer.py")

Dtype = Literal["float32", "float64", "int64", "int32", "uint8", "bool"]
OutputKind = Literal["values", "probabilities", "mask", "bits"]
Dimension = Literal["n"] | Annotated[int, Field(ge=1, le=1_000_000)]


class ArraySpec(Strict):
    """An array that crosses the sandbox's border.

    Attributes:
        dtype: numpy's name of the element type, or "text": the model gets an array of `str`.
        shape: "n" first (the number of items), then fixed sizes; images are channels last.
        columns: names of the last axis, for tables.
    """

    dtype: Dtype | Literal["text"]
    shape: Listed[Dimension] = Field(min_length=1, max_length=6)
    columns: Listed[str] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.shape[0] != "n" or "n" in self.shape[1:]:
            raise ValueError('shape begins with "n", the number of items, and goes on with numbers')
        if self.columns is not None and (
            len(self.shape) != 2 or len(self.columns) != self.shape[1]
        ):
            raise ValueError("columns needs a shape of two, with one name for each column")
        if self.dtype == "text" and self.shape != ("n",):
            raise ValueError('dtype "text" needs the shape ["n"]: one text for each item')
        return self

    @property
    def item_shape(self) -> tuple[int, ...]:
        """Shape of one item."""
        return tuple(int(size) for size in self.shape[1:])


class OutputSpec(ArraySpec):
    """An array that the model answers with.

    Attributes:
        kind: what is checked beyond dtype, shape and finiteness.
        classes: names of the classes, in the order of the last axis; needed for probabilities.
    """

    dtype: Literal["float32", "int64", "uint8"]
    kind: Literal["values", "probabilities", "mask"] = "values"
    classes: Listed[str] | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.kind == "mask" and (self.dtype != "uint8" or len(self.shape) != 3):
            raise ValueError('kind "mask" needs dtype "uint8" and shape ["n", height, width]')
        if self.kind != "probabilities":
            return self
        if self.dtype != "float32":
            raise ValueError('kind "probabilities" needs dtype "float32"')
        if self.classes is None or len(self.shape) != 2 or self.shape[1] != len(self.classes):
            raise ValueError('kind "probabilities" needs shape ["n", K] and K names in classes')
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("classes has a name twice")
        return self


class SplitSpec(Strict):
    """How judged units are divided into the public and the private board.

    Attributes:
        public_fraction: share of the units on the public board.
        group: what a unit is, in words (an original image, a day, a document).
    """

    public_fraction: float = Field(gt=0, lt=1)
    group: str = "item"


class Limits(Strict):
    """What a stage may use.

    Attributes:
        wall_seconds: time of one stage, loading included.
        memory_mb: memory of all its processes together.
        cpus: processor cores.
        artifact_mb: size of the upload, and of its unpacked files.
        log_kb: what is kept of what it prints.
        output_mb: printing more than this ends it.
        scratch_mb: size of its writable /tmp.
        processes: processes and threads at one time.
    """

    wall_seconds: int = Field(ge=1, le=3600)
    memory_mb: int = Field(ge=64, le=1_000_000)
    cpus: int = Field(default=1, ge=1, le=64)
    artifact_mb: int = Field(ge=1, le=2000)
    log_kb: int = Field(default=64, ge=1, le=1024)
    output_mb: int = Field(default=16, ge=1, le=1024)
    scratch_mb: int = Field(default=64, ge=1, le=4096)
    processes: int = Field(default=256, ge=16, le=4096)


class Strata(Strict):
    """Named groups of items, such as hours of the day, by which errors are told.

    Attributes:
        title: what they are, in words.
        names: of the groups; `stratum` in the prepared files counts them from 0.
    """

    title: str = Field(min_length=1, max_length=80)
    names: Listed[str] = Field(min_length=2, max_length=100)

    @field_validator("names")
    @classmethod
    def _distinct(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("names has a name twice")
        return value


class Sampling(Strict):
    """Texts drawn from a language model, for information beside its score.

    Attributes:
        samples: how many are drawn.
    """

    samples: int = Field(default=200, ge=20, le=2000)


class ReferenceLine(Strict):
    """A line on the board that is nobody's: what a human reaches, or a published result.

    Attributes:
        title: as the board shows it.
        value: on the scale of the primary metric.
        note: where it comes from, in a sentence.
    """

    title: str = Field(min_length=1, max_length=60)
    value: float
    note: str = Field(default="", max_length=300)


class Resources(Strict):
    """What a worker must have."""

    accelerator: Literal["none", "gpu"] = "none"


class Points(Strict):
    """Course points at the anchors of expected.json; piecewise linear between them."""

    trivial: float = 0
    baseline: float = 60
    reference: float = 100


class TaskSpec(Strict):
    """The whole of `task.toml`."""

    title: str = Field(min_length=1, max_length=80)
    summary: str = Field(min_length=1, max_length=300)
    evaluator: Literal["batch", "lockstep"]
    framework_hint: Listed[Literal["keras", "torch", "sklearn"]] = ()
    input: dict[Name, ArraySpec] = Field(min_length=1)
    output: dict[Name, OutputSpec] = Field(default={}, max_length=1)
    metrics: Metrics
    split: SplitSpec
    strata: Strata | None = None
    sampling: Sampling | None = None
    limits: Limits
    resources: Resources = Resources()
    points: Points = Points()
    source: Listed[Source] = ()
    reference_line: Listed[ReferenceLine] = Field(default=(), max_length=5)

    @model_validator(mode="after")
    def _fits_evaluator(self) -> Self:
        if self.evaluator == "batch":
            if not self.output:
                raise ValueError('evaluator "batch" needs one [output.NAME]')
            if self.sampling is not None:
                raise ValueError('[sampling] goes with evaluator "lockstep" only')
        elif self.output or list(self.input) != ["text"] or self.input["text"].dtype != "text":
            raise ValueError(
                'evaluator "lockstep" needs [input.text] with dtype "text", and no [output]: its '
                "answers are the probabilities of the next symbol"
            )
        return self

    @model_validator(mode="after")
    def _metrics_fit(self) -> Self:
        for name in self.metrics.names:
            metric = self.metrics.metric(name)
            metric.check_output(self.output_kind)
            if metric.stratified and self.strata is None:
                raise ValueError(f"metric {name!r} needs [strata]")
        return self

    @property
    def output_name(self) -> str:
        """Name of the one output of a batch task."""
        return next(iter(self.output))

    @property
    def output_kind(self) -> OutputKind:
        """What the metrics are computed from."""
        return self.output[self.output_name].kind if self.output else "bits"


def spec_parse(text: str, *, file: str = SPEC_FILE) -> TaskSpec:
    """Parses and checks the text of a `task.toml`.

    Args:
        text: TOML.
        file: its name, for error messages.

    Raises:
        TaskError: not TOML, or not a valid task; names the file, each key and the fix.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Also for numbers of thousands of digits, and for lists in lists without end.
        raise TaskError(f"{file} is not valid TOML: {error}") from error
    try:
        return TaskSpec.model_validate(document)
    except ValidationError as error:
        explained = errors_explain(error, TaskSpec)
        raise TaskError(f"{file} is not a valid task:\n{explained}") from error


def spec_load(folder: Path) -> TaskSpec:
    """Reads `task.toml` in a task's folder.

    Raises:
        TaskError: there is none, or it is not valid.
    """
    path = folder / SPEC_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TaskError(
            f"{path} can't be read: {error}. A task is a folder with a task.toml."
        ) from error
    return spec_parse(text, file=str(path))


def task_version(folder: Path) -> str:
    """Digest of the files that decide how a submission is judged."""
    digest = hashlib.sha256()
    for name in VERSIONED_FILES:
        path = folder / name
        if path.exists():
            content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
