"""What an attack is: what is submitted, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from evaluators.verdicts import Verdict


class TaskName(StrEnum):
    """The tasks that are attacked."""

    SIGNS = "signs"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Upload:
    """What is submitted, and to which task.

    Attributes:
        model: the `model.py`, as a path below `submissions`.
        argument: a line that it finds in `argument.txt`: one program, many attacks.
        beside: more files, as pairs of a name and a text.
        archive: builds a zip to submit instead; it gets the bytes of the `model.py`.
        task: what it is submitted to.
        limits: lines of the task's `task.toml` that are changed, as pairs.
        next_is_judged: whether an honest submission is judged afterwards, in the same slot.
    """

    model: str
    argument: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    archive: Callable[[bytes], bytes] | None = None
    task: TaskName = TaskName.SIGNS
    limits: tuple[tuple[str, str], ...] = ()
    next_is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Attack:
    """A row of the table.

    Several may share an upload, which is then judged once. Patterns are regular expressions for
    `re.search`, with `^` and `$` at the borders of lines. An attack must prove that it was tried:
    by what it printed, or by a verdict that is not `scored`.

    Attributes:
        family: what it is aimed at.
        name: once in a family.
        tries: what it tries, in a few words.
        upload: what is submitted.
        verdicts: any of these is right.
        prints: patterns that the practice log must hold.
        prints_judged: patterns that the judged log must hold, which only staff reads.
        tells: patterns that the message must hold.
        carries: it has seen hidden inputs and writes some of them into its judged log after
            `carrying`; nothing that a participant sees may hold them.
        own_kernel: what the practice log must hold instead of `prints` where the sandbox has a
            kernel of its own, which may grant what the host's must refuse.
        host_side: what decides is how the host reads what came, whichever way; a sandbox with a
            kernel of its own, which is slow, is left out.
    """

    family: str
    name: str
    tries: str
    upload: Upload
    verdicts: frozenset[Verdict] = field(default_factory=lambda: frozenset({Verdict.SCORED}))
    prints: tuple[str, ...] = ()
    prints_judged: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    carries: bool = False
    own_kernel: tuple[str, ...] | None = None
    host_side: bool = False

    def __post_init__(self) -> None:
        if self.verdicts == {Verdict.SCORED} and not (self.prints or self.prints_judged):
            raise ValueError(f"{self.title} proves nothing: it would pass without trying")

    @property
    def title(self) -> str:
        """Its name with its family."""
        return f"{self.family}/{self.name}"
