"""`manage.py storage check|orphans`: compares the storage with the database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.submissions.orphans import (
    missing_find,
    orphans_count,
    orphans_delete,
    orphans_find,
)


class Command(BaseCommand):
    """Finds files without a row, and rows without a file."""

    help = (
        "check: lists files that the database knows and the storage lacks, and counts those that "
        "are in no row for a day. orphans: lists the latter, and removes them with --delete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("action", choices=["check", "orphans"])
        parser.add_argument(
            "--delete",
            action="store_true",
            help="with orphans: remove them; be sure that database and storage belong together",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Looks through both, and fails when a check finds that a file is missing."""
        try:
            if options["action"] == "orphans":
                self._orphans(delete=options["delete"])
            elif options["delete"]:
                raise CommandError("--delete goes with orphans.")
            else:
                self._check()
        except OSError as error:
            raise CommandError(f"{settings.STORAGE_URL}: {error}; check STORAGE_URL") from error

    def _orphans(self, *, delete: bool) -> None:
        if delete:
            self.stdout.write(f"{orphans_delete()} files removed")
            return
        for file in orphans_find():
            self.stdout.write(f"{file.key} {file.size} bytes, of {file.modified:%Y-%m-%d %H:%M}")

    def _check(self) -> None:
        missing = 0
        for one in missing_find():
            missing += 1
            self.stdout.write(f"missing: {one.key} of the {one.of}")
        count = orphans_count()
        self.stdout.write(
            f"{count.files} files, {missing} missing, {count.orphans} without a row for a day "
            f"({count.orphan_bytes} bytes)"
        )
        if missing:
            raise CommandError(f"{missing} files are missing: restore them from a backup")
