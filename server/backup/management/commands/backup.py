"""`manage.py backup FILE`: everything that can't be made again, in one file."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluators.errors import InfrastructureError
from server.backup.archive import file_made_whole
from server.backup.making import Made, backup_make

PIPE = "-"


class Command(BaseCommand):
    """Makes a backup while people submit."""

    help = (
        "Writes a backup of the database, the stored files, the prepared data and the seed of all "
        "splits. It holds everybody's grades and secrets: keep it as you keep the server."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument(
            "file", help="a new file; a folder, for a file named by the time; - for a pipe"
        )
        parser.add_argument(
            "--incomplete", action="store_true", help="go on without what is missing, and list it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes it, and says what is in it; fails when something is missing."""
        try:
            if options["file"] == PIPE:
                made = self._make(_pipe(), Path(settings.VAR_DIR), options["incomplete"])
                name = "the pipe"
            else:
                path = _path(options["file"])
                with file_made_whole(path) as out:
                    made = self._make(out, path.parent, options["incomplete"])
                name = str(path)
        except (InfrastructureError, OSError) as error:
            raise CommandError(f"no backup was made: {error}") from error
        for one in made.missing:
            self.stderr.write(f"missing: {one}")
        self.stderr.write(
            f"{name}: {made.rows} rows and {made.files} stored files as of "
            f"{made.made_at:%Y-%m-%d %H:%M:%S} UTC, {made.size / 1e6:.1f} MB"
        )

    def _make(self, out: IO[bytes], scratch: Path, incomplete: bool) -> Made:
        return backup_make(out=out, scratch=scratch, incomplete=incomplete, tell=self._tell)

    def _tell(self, line: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"  {line}")


def _path(text: str) -> Path:
    path = Path(text).absolute()
    return path / f"springboard-{timezone.now():%Y%m%d-%H%M%S}.tar" if path.is_dir() else path


def _pipe() -> IO[bytes]:
    if os.isatty(sys.stdout.fileno()):
        raise CommandError("a backup can't be written to a terminal; name a file, or pipe it on")
    return sys.stdout.buffer
