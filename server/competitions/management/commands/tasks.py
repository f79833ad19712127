"""`manage.py tasks sync`: makes the prepared tasks known to the server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluators.errors import TaskError
from evaluators.prepare import prepared_find
from evaluators.task import Task, tasks_find
from server.competitions.datasets import data_archive
from server.competitions.services import task_register


class Command(BaseCommand):
    """Registers every prepared task under the tasks' folder."""

    help = "Registers every prepared task, so that competitions can be opened with it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("action", choices=["sync"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Registers the tasks, and says of each what became of it."""
        try:
            tasks = tasks_find(Path(settings.TASKS_DIR))
        except TaskError as error:
            raise CommandError(str(error)) from error
        if not tasks:
            raise CommandError(f"there is no task under {settings.TASKS_DIR}")
        for task in tasks:
            self.stdout.write(f"{task.slug}: {self._sync(task)}")

    def _sync(self, task: Task) -> str:
        try:
            prepared = prepared_find(task, Path(settings.DATA_DIR))
        except TaskError as error:
            return f"skipped, {error}"
        version = task_register(task=task, data_version=prepared.data_version)
        data_archive(task_version=version)
        return f"version {task.version[:12]}, data {prepared.data_version[:12]}"
