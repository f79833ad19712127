"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        part: the part of the check.
        level: a fault fails the check; a note is for the author to judge.
        text: what was found, with its numbers.
    """

    part: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that was found.

    Attributes:
        task: slug of the task.
        task_version: sha256 of the task's files.
        data_version: sha256 of the prepared data; empty where they could not be prepared.
        findings: in the order of the check.
        seconds: how long it took.
    """

    task: str
    task_version: str
    data_version: str
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What has to be mended."""
        return tuple(finding for finding in self.findings if finding.level is Level.FAULT)
