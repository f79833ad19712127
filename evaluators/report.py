"""What judging an artifact yields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from evaluators.artifact import Artifact
from evaluators.messages import Message
from evaluators.verdicts import Verdict


class Split(StrEnum):
    """Which units a score was computed over."""

    PRACTICE = "practice"
    PUBLIC = "public"
    PRIVATE = "private"


class Stage(StrEnum):
    """How far an evaluation came."""

    UNPACK = "unpack"
    PRACTICE = "practice"
    JUDGED = "judged"
    SCORING = "scoring"


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value on a split, with its 95 % bootstrap interval.

    Attributes:
        metric: a key of `evaluators.metrics.METRICS`.
        split: the units it was computed over.
        value: the score, finite.
        low: lower end of the interval.
        high: upper end of the interval.
    """

    metric: str
    split: Split
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Log:
    """What a stage printed, as text, capped.

    Attributes:
        text: the kept part.
        dropped_bytes: how many bytes past the cap were not kept.
    """

    text: str = ""
    dropped_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts that a language model drew, for information: whatever fails here costs no score.

    Attributes:
        texts: what it drew; empty when it could not.
        message: why it could not.
    """

    texts: tuple[str, ...] = ()
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something small that tells a participant where a model is good and where it is not.

    Attributes:
        name: a slug, once in a report.
        title: a few words.
        split: practice or public: whose items it tells of; never the private split's.
        caption: how to read it, a sentence or two.
        data: JSON: `columns`, `rows` with a cell for each column, and `notes` on what is left out.
        picture: a PNG, or None.
    """

    name: str
    title: str
    split: Split
    caption: str
    data: Mapping[str, Any]
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a running evaluation, for whoever waits for it.

    Attributes:
        stage: the stage that runs now.
        practice_log: what the practice stage has printed so far.
    """

    stage: Stage
    practice_log: Log = field(default_factory=Log)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a score is bound to, so that it can be explained and repeated.

    Attributes:
        task_version: sha256 of the task's files.
        data_version: sha256 of the prepared data.
        runtime: digest of the machine-learning runtime.
        sandbox: name of the backend.
        sandbox_notes: what that backend could not enforce on this machine.
        device: uuid of the accelerator that it ran on; empty for none, also where the task asks
            for one.
    """

    task_version: str
    data_version: str
    runtime: str
    sandbox: str
    sandbox_notes: tuple[str, ...] = ()
    device: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The result of one evaluation.

    Attributes:
        task: slug of the task.
        verdict: what the participant's code did.
        message: why, for every verdict but `scored`.
        stage: the last stage that was entered.
        artifact: the validated files, once they are.
        primary: name of the primary metric.
        scores: practice, public and private scores, primary metric first; empty unless `scored`
            (a practice score is kept when the judged stage fails).
        practice_log: what the practice stage printed, for the participant.
        judged_log: what the judged stage printed, for instructors only.
        statistics: item statistics by unit, as a compressed .npz.
        predictions: the checked predictions in the order of the judged items, as a compressed .npz.
        durations: seconds by step (`unpack`, `practice`, `judged`, `scoring`, `diagnostics`), and
            of those that `practice_start` and `judged_start` waited for their sandbox.
        peak_memory_mb: largest memory use of a stage, in MB; 0 where the machine can't tell.
        provenance: what the score is bound to.
        samples: what a language model drew, where the task asks for it.
        diagnostics: tables and pictures for the participant, those of the practice sample also
            when the judged stage fails.
    """

    task: str
    verdict: Verdict
    message: Message | None
    stage: Stage
    artifact: Artifact | None
    primary: str
    scores: tuple[Score, ...]
    practice_log: Log
    judged_log: Log
    statistics: bytes | None
    predictions: bytes | None
    durations: Mapping[str, float]
    peak_memory_mb: float
    provenance: Provenance
    samples: Samples | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def judged_primary(self) -> tuple[float, ...]:
        """The primary scores of hidden items: public and private; none unless `scored`."""
        found = (self.score(self.primary, split) for split in (Split.PUBLIC, Split.PRIVATE))
        return tuple(score.value for score in found if score is not None)

    def score(self, metric: str, split: Split) -> Score | None:
        """Returns the score of a metric on a split, or None if there is none."""
        return next((s for s in self.scores if (s.metric, s.split) == (metric, split)), None)
