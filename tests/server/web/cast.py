"""A course with its people, made through the services, and evaluations that end as a test says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluators.artifact import Artifact
from evaluators.messages import message
from evaluators.report import EvaluationReport, Log, Provenance, Score, Split, Stage
from evaluators.task import Task, task_load
from evaluators.verdicts import Verdict
from server.accounts.models import User
from server.accounts.services import user_create
from server.competitions.models import Competition, Visibility
from server.competitions.services import competition_create, task_register
from server.courses.models import Course, Role
from server.courses.services import course_create, course_join, membership_create
from server.leaderboards.services import evaluation_finish
from server.submissions.claim import Claim
from server.submissions.models import Submission
from server.submissions.services import evaluation_claim, submission_create
from server.submissions.storage import upload_store

PASSWORD = "correct horse 77"
TASK = """
title = "Digits"
summary = "Say which digit an image shows."
evaluator = "batch"
framework_hint = ["torch"]
[input.images]
dtype = "float32"
shape = ["n", 4]
[output.digit]
dtype = "float32"
shape = ["n", 2]
kind = "probabilities"
classes = ["0", "1"]
[metrics]
primary = "log_loss"
secondary = ["accuracy", "macro_f1"]
[split]
public_fraction = 0.3
group = "original digit"
[limits]
wall_seconds = 10
memory_mb = 512
artifact_mb = 1
"""
DESCRIPTION = "# About\n\nA digit, *warped*.\n\n| metric | range |\n| --- | --- |\n| loss | 0 up |\n"


@dataclass(frozen=True)
class Cast:
    """Who plays."""

    course: Course
    competition: Competition
    student: User
    classmate: User
    instructor: User
    assistant: User
    foreign_assistant: User
    foreign_student: User


def person(name: str, display_name: str = "") -> User:
    return user_create(
        username=name,
        email=f"{name}@example.org",
        password=PASSWORD,
        display_name=display_name or name.title(),
    )


def task_write(folder: Path, description: str = DESCRIPTION) -> Task:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.toml").write_text(TASK)
    (folder / "description.md").write_text(description)
    return task_load(folder)


def competition_open(
    course: Course,
    task: Task,
    *,
    slug: str = "digits",
    title: str = "Digits of June",
    visibility: Visibility = Visibility.COURSE,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    daily_limit: int = 5,
) -> Competition:
    now = timezone.now()
    return competition_create(
        course=course,
        slug=slug,
        title=title,
        task_version=task_register(task=task, data_version="d" * 64),
        opens_at=opens_at or now - timedelta(days=1),
        closes_at=closes_at or now + timedelta(days=30),
        visibility=visibility,
        daily_limit=daily_limit,
    )


def cast_make(folder: Path) -> Cast:
    instructor = person("ines", "Ines Instructor")
    course = course_create(
        slug="spring", title="Spring School", instructor=instructor, time_zone="Europe/Prague"
    )
    elsewhere = course_create(
        slug="autumn", title="Autumn School", instructor=person("otto", "Otto Elsewhere")
    )
    student, classmate, assistant = person("ada"), person("bob"), person("tara")
    foreign_assistant, foreign_student = person("felix"), person("frida")
    for user in (student, classmate):
        course_join(user=user, invite_code=course.invite_code)
    membership_create(course=course, user=assistant, role=Role.ASSISTANT)
    membership_create(course=elsewhere, user=foreign_assistant, role=Role.ASSISTANT)
    membership_create(course=elsewhere, user=foreign_student, role=Role.PARTICIPANT)
    return Cast(
        course=course,
        competition=competition_open(course, task_write(folder / "digits")),
        student=student,
        classmate=classmate,
        instructor=instructor,
        assistant=assistant,
        foreign_assistant=foreign_assistant,
        foreign_student=foreign_student,
    )


def submit(
    user: User, competition: Competition, *, note: str = "", content: bytes = b"PK model"
) -> Submission:
    created = submission_create(
        user=user,
        competition=competition,
        upload=upload_store(file=SimpleUploadedFile("model.zip", content)),
        received_at=timezone.now(),
        message=note,
    )
    return created.submission


def claim() -> Claim:
    claim = evaluation_claim(queue="cpu", worker="test worker")
    assert claim is not None, "nothing waits"
    return claim


def finish(claim: Claim, report: EvaluationReport) -> None:
    evaluation_finish(claim=claim, report=report)


def scores_of(values: Mapping[str, float], splits: tuple[Split, ...]) -> tuple[Score, ...]:
    shift = {Split.PRACTICE: 0.01, Split.PUBLIC: 0.0, Split.PRIVATE: 0.02}
    return tuple(
        Score(
            name,
            split,
            value + shift[split],
            value + shift[split] - 0.0123,
            value + shift[split] + 0.0123,
        )
        for split in splits
        for name, value in values.items()
    )


def report(
    *,
    verdict: Verdict = Verdict.SCORED,
    code: str = "",
    details: Mapping[str, object] | None = None,
    loss: float = 0.25,
    accuracy: float = 0.9,
    practice_log: Log | None = None,
    judged_log: Log | None = None,
) -> EvaluationReport:
    """What judging yields; pass a catalogue code and its details for all but `scored`."""
    scored = verdict is Verdict.SCORED
    values = {"log_loss": loss, "accuracy": accuracy, "macro_f1": accuracy - 0.01}
    return EvaluationReport(
        task="digits",
        verdict=verdict,
        message=message(code, **dict(details or {})) if code else None,
        stage=Stage.SCORING if scored else Stage.PRACTICE,
        artifact=Artifact(digest="ab" * 32, size=48_213, files=2, entry="model.py", kind="python"),
        primary="log_loss",
        scores=scores_of(values, tuple(Split)) if scored else (),
        practice_log=practice_log or Log("loading the weights\npredicting 300 images\n"),
        judged_log=judged_log or Log("judged line 1\n"),
        statistics=None,
        predictions=None,
        durations={"unpack": 0.02, "practice": 2.41, "judged": 14.2, "scoring": 0.3},
        peak_memory_mb=312.0,
        provenance=Provenance("v" * 64, "d" * 64, "runtime", "bubblewrap"),
    )
