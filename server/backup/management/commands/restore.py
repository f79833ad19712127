"""`manage.py restore FILE`: an installation out of a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from evaluators.errors import InfrastructureError
from server.backup.archive import archive_check
from server.backup.restoring import backup_restore


class Command(BaseCommand):
    """Restores a backup into an empty database, storage and folder."""

    help = (
        "Restores a backup into the database, storage and SPRINGBOARD_VAR that are set, which must "
        "be empty; --check only looks whether the file is whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="look at the file, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restores or checks, and says what was there."""
        try:
            self._check(options["file"]) if options["check"] else self._restore(options["file"])
        except (InfrastructureError, OSError, Error) as error:
            raise CommandError(f"{error}") from error

    def _check(self, path: Path) -> None:
        checked = archive_check(path)
        rows = sum(table.rows for table in checked.facts.tables)
        self._list(checked.missing)
        self.stdout.write(
            f"{path} is whole: {rows} rows from {checked.facts.database} and {checked.files} files "
            f"as of {checked.facts.made_at:%Y-%m-%d %H:%M:%S} UTC, {checked.size / 1e6:.1f} MB"
        )

    def _restore(self, path: Path) -> None:
        restored = backup_restore(path=path, tell=self.stdout.write)
        self._list(restored.missing)
        self.stdout.write(
            f"Restored {restored.rows} rows and {restored.files} files. Everybody logs in anew. "
            "Now run `manage.py standings check`, and start the server and its workers."
        )

    def _list(self, missing: tuple[str, ...]) -> None:
        for one in missing:
            self.stdout.write(f"the backup lacks: {one}")
