"""What a server tells, as typed and unchangeable objects.

They are read from what a server sends and checked on the way: a field that is missing or of
another type is an error, one that is new is left out.
"""

from datetime import datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from springboard.answers import not_springboard

ENDED = ("done", "error", "cancelled")
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class Result(BaseModel):
    """Base of all results."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(Result):
    """A course or a task: its short name and its title."""

    slug: str
    title: str


class Metric(Result):
    """A metric of a competition."""

    name: str
    title: str
    direction: str
    digits: int


class Limits(Result):
    """What a submission may use; sizes in MB."""

    wall_seconds: int
    memory_mb: int
    artifact_mb: int


class Quota(Result):
    """What is left of the day's submissions."""

    limit: int
    used: int
    left: int
    resets_at: datetime


class Competition(Result):
    """A competition.

    Attributes:
        slug: its short name, as `-c` takes it.
        title: its title.
        course: whose it is.
        task: what is asked.
        opens_at: from when it takes submissions.
        closes_at: until when.
        is_open: whether it takes them now.
    """

    slug: Id
    title: str
    course: Named
    task: Named
    opens_at: datetime
    closes_at: datetime
    is_open: bool


class CompetitionDetail(Competition):
    """A competition, with all that matters for submitting.

    Attributes:
        metrics: the one that ranks first.
        limits: of a submission.
        quota: what you have left of the day; None for who may not submit.
    """

    metrics: tuple[Metric, ...]
    limits: Limits
    quota: Quota | None


class Score(Result):
    """A score with its 95 % interval; `split` is None on the board, which shows one."""

    metric: str
    split: str | None = None
    value: float
    low: float
    high: float


class Message(Result):
    """Why a submission was not scored."""

    code: str
    text: str
    help: str


class Waiting(Result):
    """Why a submission waits."""

    code: str
    text: str
    help: str = ""


class Submission(Result):
    """A submission and how far it is.

    Attributes:
        id: what `logs` and `wait` take.
        url: its address in the API.
        competition: the competition's short name.
        team: whose.
        author: who sent it.
        note: the message that was sent along.
        filename: what was sent.
        size: of the upload, in bytes.
        received_at: when it arrived.
        status: "queued", "running", "scoring", "done", "error" or "cancelled".
        verdict: what your code did, "scored" if all went well; None until it is known.
        message: why it was not scored.
        scores: on the splits that you may see.
        queue_position: 1 for the next to be judged; None if it does not wait or is in a list.
        waiting: why it waits, or that its worker fell silent while it ran; None otherwise, in a
            list, or of an older server.
        starts_in_minutes: about how many until it starts; None if it does not wait or that isn't
            known.
        outlook: when it starts, in a sentence; empty if it does not wait.
        attempt_note: why it is judged once more; empty for an ordinary first attempt.
        judged_on_cpu: whether it was judged on a CPU though its task asks for a GPU.
        practice_log: what the model printed on the practice sample; empty in a list.
        practice_log_dropped: bytes of it that were not kept.
    """

    id: Id
    url: str
    competition: str
    team: str
    author: str
    note: str
    filename: str
    size: int
    received_at: datetime
    status: str
    verdict: str | None
    message: Message | None
    scores: tuple[Score, ...]
    queue_position: int | None = None
    waiting: Waiting | None = None
    starts_in_minutes: int | None = None
    outlook: str = ""
    attempt_note: str = ""
    judged_on_cpu: bool = False
    practice_log: str = ""
    practice_log_dropped: int = 0

    @property
    def is_ended(self) -> bool:
        """Whether it was judged, or never will be."""
        return self.status in ENDED

    @property
    def is_scored(self) -> bool:
        """Whether it got its scores."""
        return self.verdict == "scored"

    def score(self, metric: str, split: str = "public") -> Score | None:
        """One of its scores, if it has it."""
        return next((s for s in self.scores if (s.metric, s.split) == (metric, split)), None)


class DiagnosticTable(Result):
    """A small table.

    Attributes:
        columns: titles, with units.
        rows: a cell for each column; None where there is nothing to say, or too few to say it.
        notes: what is left out, and why.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not one cell for each column")
        return self


class Diagnostic(Result):
    """Where a model is good and where it is not.

    Attributes:
        name: a short name, once in a submission.
        title: a few words.
        split: "practice", or "public": of that only groups are told.
        caption: how to read it.
        data: its table.
        picture: the address of its picture; None if it has none.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: str
    split: str
    caption: str
    data: DiagnosticTable
    picture: str | None


class Diagnostics(Result):
    """All diagnostics of a submission."""

    results: tuple[Diagnostic, ...]


class BoardRow(Result):
    """A team on a leaderboard.

    Attributes:
        rank: its place, 1 for the best; None for a baseline, which takes none.
        team: its name.
        baseline: whether it shows what a baseline reaches.
        score: the one that ranks.
        secondary: the others.
        submissions: how many of its submissions were scored.
        submitted_at: when its best one arrived.
    """

    rank: int | None
    team: str
    baseline: bool = False
    score: Score
    secondary: tuple[Score, ...]
    submissions: int
    submitted_at: datetime


class Page(Result):
    """A page of a list, and the cursor of the next one."""

    results: tuple[Any, ...]
    next: str | None


class Me(Result):
    """Who one is."""

    username: str
    display_name: str


class IssuedToken(Result):
    """A token, with its text."""

    id: int
    token: str = Field(repr=False, min_length=1)


R = TypeVar("R")


def result_read(kind: type[R], server: str, found: object) -> R:
    """Reads a result from a server's JSON.

    Raises:
        Unreachable: it is something else.
    """
    try:
        return TypeAdapter(kind).validate_python(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise not_springboard(server, f"{where}: {first['msg']}") from error
