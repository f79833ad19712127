"""A server in the middle of a term: everything that anybody could ask for, with what is secret."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from evaluators.installation import task_seed
from evaluators.prepare import prepared_folder
from evaluators.prepared import READY_FILE
from evaluators.spec import SPEC_FILE
from evaluators.task import task_load
from server.accounts.models import User
from server.accounts.services import token_create
from server.competitions.client_package import client_wheel
from server.competitions.models import Competition, TaskVersion, Visibility
from server.competitions.services import announcement_post, extension_give, task_register
from server.courses.models import Course, Membership, Role
from server.courses.services import membership_create
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Queue, Submission, Worker
from server.submissions.services import evaluation_fail
from tests.server.access.admin_cases import CHANGED, READ, row_key
from tests.server.access.people import PEOPLE, Visitor, visitor_make
from tests.server.access.secrets import EXTENDED, TASK_SECRETS, TOO_GOOD, report_of
from tests.server.cast import Cast, cast_make, competition_make, person_make
from tests.server.judging import claim_next, submit
from tests.server.tiny_task import tiny_task_write


@dataclass(frozen=True)
class World:
    """What there is.

    Attributes:
        keys: what stands in braces in the matrix.
        visitors: by their names.
        evaluations: of the people by whose names they are found; all of them scored.
        token: the text of a token of the student's.
    """

    cast: Cast
    halves: Competition
    keys: Mapping[str, str]
    visitors: Mapping[str, Visitor]
    evaluations: Mapping[str, Evaluation]
    token: str


@contextmanager
def world_of(folder: Path) -> Iterator[World]:
    """Makes a world, and unmakes it; its files lie in a folder of its own."""
    storage = folder / "storage"
    (storage / "incoming").mkdir(parents=True)
    stores: dict[str, Any] = settings.STORAGES
    default = stores["default"]
    elsewhere = {**default, "OPTIONS": {**default["OPTIONS"], "location": storage}}
    with (
        override_settings(
            TASKS_DIR=folder / "tasks",
            DATA_DIR=folder / "data",
            KITS_DIR=folder / "kits",
            STORAGE_DIR=storage,
            METRICS_TOKEN="token-of-the-metrics",
            FILE_UPLOAD_TEMP_DIR=storage / "incoming",
            STORAGES={**stores, "default": elsewhere},
            WHITENOISE_USE_FINDERS=True,  # static files are not collected
        ),
        undone(),
    ):
        yield _world(_task(folder))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done to the database is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _world(version: TaskVersion) -> World:
    cast = cast_make()
    people = _people(cast)
    halves = competition_make(cast.course, task_version=version, daily_limit=100)
    competition_make(cast.course, slug="open", task_version=version, visibility=Visibility.PUBLIC)
    later = competition_make(cast.course, slug="later", task_version=version)
    later.opens_at = timezone.now() + timedelta(days=3)
    later.save()
    far = competition_make(cast.other_course, slug="far", task_version=version)
    evaluations = {
        name: _judged(name, people[name], competition)
        for name, competition in (
            ("student", halves),
            ("classmate", halves),
            ("removed", halves),
            ("stranger", far),
        )
    }
    failed = submit(cast.classmate, halves, message="message-of-failed")
    evaluation_fail(claim=claim_next(), error="error-told-to-staff")
    team = evaluations["student"].team
    team.members.create(user=people["teammate"], competition=halves)
    waiting = submit(cast.student, halves, message="message-of-student")
    Membership.objects.filter(user=people["removed"]).delete()
    token = token_create(user=cast.student, name="laptop")
    keys = {
        "submission": evaluations["student"].submission.public_id,
        "classmates": evaluations["classmate"].submission.public_id,
        "removeds": evaluations["removed"].submission.public_id,
        "far_submission": evaluations["stranger"].submission.public_id,
        "failed": failed.public_id,
        "waiting": waiting.public_id,
        "unknown": "bcdfghjkmnpqrstv",
        "team": str(team.pk),
        "far_team": str(evaluations["stranger"].team_id),
        "token": str(token.token.pk),
        "task": str(version.pk),
        "far_code": cast.other_course.invite_code,
        "wheel": client_wheel().name,
        **_run(halves, cast.assistant, ""),
        **_run(far, cast.foreign_assistant, "far_"),
        **_members(cast.course, cast, "student", "assistant", "instructor"),
        "far_member": str(Membership.objects.get(user=cast.stranger).pk),
    }
    visitors = {name: visitor_make(name, people.get(name)) for name in PEOPLE}
    return World(cast, halves, keys | _rows(), visitors, evaluations, token.text)


def _rows() -> dict[str, str]:
    """The first row of each table that the admin pages show."""
    Group.objects.create(name="helpers")
    now = timezone.now()
    Worker.objects.create(
        name="host-of-worker:17",
        queue=Queue.GPU,
        slots=1,
        devices=[{"uuid": "GPU-of-worker", "name": "Card", "memory_mb": 1, "drained": ""}],
        started_at=now,
        seen_at=now,
    )
    tables = {label: apps.get_model(label)._default_manager for label in CHANGED | READ}
    return {row_key(label): str(rows.order_by("pk")[0].pk) for label, rows in tables.items()}


def _people(cast: Cast) -> dict[str, User]:
    names = ("student", "classmate", "assistant", "instructor")
    outside = ("stranger", "foreign_assistant", "foreign_instructor")
    people = {name: cast.named(name) for name in (*names, *outside)}
    for name, role in (
        ("teammate", Role.PARTICIPANT), ("removed", Role.PARTICIPANT),
    ):  # fmt: skip
        people[name] = person_make(name)
        membership_create(course=cast.course, user=people[name], role=role)
    for user in people.values():
        # None is a part of another.
        user.email = f"{user.username}.{user.pk}@example.org"
        user.save()
    people["operator"] = User.objects.create_superuser("operator", "operator@example.org", "x")
    return people


def _judged(name: str, user: User, competition: Competition) -> Evaluation:
    content = f"upload-of-{name}".encode()
    submission = submit(user, competition, content=content, message=f"message-of-{name}")
    Submission.objects.filter(pk=submission.pk).update(filename=f"file-of-{name}.zip")
    evaluation = evaluation_finish(claim=claim_next(), report=report_of(name))
    Evaluation.objects.filter(pk=evaluation.pk).update(worker=f"worker-of-{name}")
    return evaluation


def _run(competition: Competition, actor: User, prefix: str) -> dict[str, str]:
    """What staff did in a competition."""
    who = competition.teams.order_by("pk")[0].name
    extension = extension_give(
        competition=competition, actor=actor, who=who, closes_at=EXTENDED[competition.slug]
    )
    announcement = announcement_post(
        competition=competition, author=actor, title="Hello", text=f"Welcome to {competition.slug}."
    )
    return {
        f"{prefix}extension": str(extension.pk),
        f"{prefix}announcement": str(announcement.pk),
    }


def _members(course: Course, cast: Cast, *names: str) -> dict[str, str]:
    return {
        f"{name}_member": str(Membership.objects.get(course=course, user=cast.named(name)).pk)
        for name in names
    }


def _task(folder: Path) -> TaskVersion:
    """A task, prepared, with its kit, on this machine."""
    files = tiny_task_write(folder / "tasks")
    described = (files / SPEC_FILE).read_text()
    threshold = f"[metrics]\ntoo_good = {TOO_GOOD}"
    (files / SPEC_FILE).write_text(described.replace("[metrics]", threshold))
    task = task_load(files)
    task_seed(settings.VAR_DIR, task.slug)
    prepared = prepared_folder(task, folder / "data")
    for side, content in TASK_SECRETS.items():
        (prepared / side).mkdir(parents=True)
        (prepared / side / "practice.npz").write_bytes(content)
    (prepared / READY_FILE).write_text('{"data_version": "' + "e" * 64 + '"}')
    kit = folder / "kits" / "halves"
    kit.mkdir(parents=True)
    (kit / "README.md").write_text("Read me.\n")
    return task_register(task=task, data_version="e" * 64)
