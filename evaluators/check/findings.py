"""What a check finds, told as it goes and as a page at the end."""

import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evaluators.errors import TaskError

Say = Callable[[str], None]
WIDTH = 100


class Level(StrEnum):
    """How bad a finding is: a fault fails the check, a note is for the author to judge."""

    OK = "ok"
    NOTE = "note"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        part: the part of the check.
        level: how bad it is.
        text: what was found, with its numbers, and for a fault what to do.
    """

    part: str
    level: Level
    text: str


class Findings:
    """Collects what is found, and says each finding as it comes.

    Args:
        task: slug of the task.
        version: sha256 of the task's files.
        say: called with each line of progress.
    """

    def __init__(self, task: str, version: str, say: Say) -> None:
        self.task = task
        self.version = version
        self.say = say
        self.all: list[Finding] = []
        self._started = time.monotonic()

    def ok(self, part: str, text: str) -> None:
        """Tells that something is as it should be."""
        self._add(Finding(part, Level.OK, text))

    def note(self, part: str, text: str) -> None:
        """Tells something that the author should know and judge."""
        self._add(Finding(part, Level.NOTE, text))

    def fail(self, part: str, text: str) -> None:
        """Tells a fault."""
        self._add(Finding(part, Level.FAULT, text))

    def judge(self, good: bool, part: str, text: str, advice: str) -> None:
        """Tells what was found; if it is a fault, with what to do about it."""
        if good:
            self.ok(part, text)
        else:
            self.fail(part, f"{text}. {advice}")

    def attempt(self, part: str, look: Callable[[], None]) -> None:
        """Runs a part; an error of the task's ends the part, not the check."""
        self.say(f"{part} …")
        try:
            look()
        except TaskError as error:
            self.fail(part, str(error))

    @property
    def faults(self) -> list[Finding]:
        """What has to be mended."""
        return [finding for finding in self.all if finding.level is Level.FAULT]

    @property
    def passed(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    @property
    def seconds(self) -> float:
        """Since the check began."""
        return round(time.monotonic() - self._started, 1)

    def markdown(self) -> str:
        """One page, readable as text and as Markdown."""
        count = len(self.faults)
        outcome = "passed" if self.passed else f"{count} fault{'s' if count > 1 else ''}"
        lines = [
            f"# Check of {self.task}: {outcome}",
            "",
            f"Version {self.version[:16]}, {self.seconds:.0f} s.",
        ]
        part = ""
        for finding in self.all:
            if finding.part != part:
                part = finding.part
                lines += ["", f"## {part}", ""]
            lines += _wrapped(finding)
        return "\n".join(lines) + "\n"

    def json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "task": self.task,
            "task_version": self.version,
            "passed": self.passed,
            "seconds": self.seconds,
            "findings": [
                {"part": one.part, "level": one.level.value.lower(), "text": one.text}
                for one in self.all
            ],
        }

    def _add(self, finding: Finding) -> None:
        self.all.append(finding)
        self.say(f"  {finding.level.value}: {finding.text}")


def _wrapped(finding: Finding) -> list[str]:
    """A list item, of which lines that the task printed stay lines."""
    first, *others = finding.text.splitlines() or [""]
    lines = textwrap.wrap(
        f"- {finding.level.value}: {first}", WIDTH, subsequent_indent="  ", break_long_words=False
    )
    return lines + [f"      {line}" for line in others]
