"""`manage.py doctor`: says what this machine can and can't enforce, and what does not work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from evaluators.errors import TaskError
from evaluators.prepare import prepared_find
from evaluators.sandbox.doctor import Finding, examine
from evaluators.task import tasks_find
from server.competitions.models import Competition, TaskVersion
from server.competitions.task_bundles import bundle_is_kept
from server.leaderboards.checkup import gpus_examine, workers_examine
from server.submissions.storage import storage_try

MARKS = {(True, True): "ok", (True, False): "ok", (False, True): "BAD", (False, False): "weak"}


class Command(BaseCommand):
    """Looks at the machine and at the services that the server uses."""

    help = "Says what this machine can and can't enforce, and what does not work."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each finding, and fails when something needed is not there."""
        bad = 0
        for finding in _findings():
            mark = MARKS[finding.ok, finding.needed]
            bad += mark == "BAD"
            self.stdout.write(f"{mark:5}{finding.subject:16}{finding.detail}")
        if bad:
            raise CommandError(f"{bad} of these must be put right before anything can be judged")


def _findings() -> Iterator[Finding]:
    yield from examine(settings.SANDBOX)
    yield from gpus_examine()
    yield (database := _database())
    if database.ok:
        yield workers_examine()
    yield _broker()
    yield (storage := _storage())
    if settings.STORAGE.folder is not None:
        yield from _tasks()
    elif database.ok and storage.ok:
        yield from _shared_tasks()


def _database() -> Finding:
    name = f"{connection.vendor} {connection.settings_dict['NAME']}"
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        return Finding("database", False, f"{name}: {error}; check DATABASE_URL")
    if missing:
        return Finding("database", False, f"{name} is not up to date: run `manage.py migrate`")
    return Finding("database", True, f"{name} is up to date")


def _broker() -> Finding:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
            return Finding("broker", True, str(broker.as_uri()))
    except (OperationalError, OSError) as error:
        return Finding("broker", False, f"it can't be reached ({error}); check BROKER_URL")


def _storage() -> Finding:
    try:
        storage_try()
    except OSError as error:
        return Finding("storage", False, f"{settings.STORAGE_URL}: {error}; check STORAGE_URL")
    return Finding("storage", True, f"{settings.STORAGE_URL} can be written and read")


def _shared_tasks() -> Iterator[Finding]:
    """Of a bucket: all judge by the tasks in it, whatever lies on this machine."""
    used = Competition.objects.order_by().values("task_version")
    for version in TaskVersion.objects.filter(pk__in=used).order_by("slug", "pk"):
        kept = bundle_is_kept(
            slug=version.slug, version=version.version, data_version=version.data_version
        )
        detail = f"{version.slug}, version {version.version[:12]}, "
        if kept:
            detail += "is in the storage"
        else:
            detail += "is not in the storage: run `manage.py tasks sync` where it was prepared"
        yield Finding("task", kept, detail, needed=False)


def _tasks() -> Iterator[Finding]:
    try:
        tasks = tasks_find(Path(settings.TASKS_DIR))
    except TaskError as error:
        yield Finding("tasks", False, str(error))
        return
    for task in tasks:
        try:
            prepared_find(task, Path(settings.DATA_DIR))
            yield Finding("task", True, f"{task.slug} is prepared")
        except TaskError as error:
            yield Finding("task", False, str(error), needed=False)
