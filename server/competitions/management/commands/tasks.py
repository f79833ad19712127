"""`manage.py tasks load|sync`: makes tasks known to the server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluators.errors import EvaluatorError, TaskError
from evaluators.installation import task_seed
from evaluators.prepare import prepared_find, task_prepare
from evaluators.prepared import PreparedTask
from evaluators.sandbox import sandbox_select
from evaluators.task import Task, task_find, tasks_find
from server.competitions.datasets import data_archive, task_share
from server.competitions.models import Competition
from server.competitions.services import task_register


class Command(BaseCommand):
    """Makes tasks known, so that competitions can be opened with them."""

    help = (
        "load: prepares tasks whose files have changed, and makes each known as a new version; "
        "competitions and evaluations keep theirs. sync: makes known what is prepared already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("action", choices=["load", "sync"])
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these tasks")
        parser.add_argument(
            "--raw",
            type=Path,
            help="with load and one slug: a folder of your own files, not the sources",
        )

        parser.add_argument(
            "--share",
            action="store_true",
            help="put the tasks into the storage, for workers on other machines that have mounted "
            "its folder; into a bucket they are always put",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the tasks known, and says of each what became of it."""
        root, slugs, raw = Path(settings.TASKS_DIR), options["slugs"], options["raw"]
        loads = options["action"] == "load"
        if raw is not None and (not loads or len(slugs) != 1):
            raise CommandError("--raw goes with load and the slug of one task.")
        try:
            tasks = [task_find(root, slug) for slug in slugs] if slugs else tasks_find(root)
        except TaskError as error:
            raise CommandError(str(error)) from error
        if not tasks:
            raise CommandError(f"there is no task under {settings.TASKS_DIR}")
        faults = 0
        for task in tasks:
            try:
                prepared = self._prepare(task, raw) if loads else self._find(task)
                task_share(prepared=prepared, anyway=options["share"])
                self.stdout.write(f"{task.slug}: {_register(prepared)}")
            except EvaluatorError as error:
                faults += loads
                self.stdout.write(f"{task.slug}: skipped, {error}")
        if faults:
            raise CommandError(f"{faults} of {len(tasks)} tasks could not be loaded; see above.")

    def _prepare(self, task: Task, raw: Path | None) -> PreparedTask:
        return task_prepare(
            task=task,
            data_root=Path(settings.DATA_DIR),
            seed=task_seed(Path(settings.VAR_DIR), task.slug),
            sandbox=sandbox_select(settings.SANDBOX),
            raw=raw,
            on_line=lambda line: self.stdout.write(f"  {line}"),
        )

    def _find(self, task: Task) -> PreparedTask:
        return prepared_find(task, Path(settings.DATA_DIR))


def _register(prepared: PreparedTask) -> str:
    """Makes a prepared task known; says its versions, and who still competes with older ones."""
    task = prepared.task
    version = task_register(task=task, data_version=prepared.data_version)
    data_archive(task_version=version)
    said = f"version {task.version[:12]}, data {prepared.data_version[:12]}"
    others = Competition.objects.filter(task_version__slug=task.slug).exclude(task_version=version)
    if older := ", ".join(others.order_by("slug").values_list("slug", flat=True)[:10]):
        said += f"; an older version stays with {older}"
    return said
