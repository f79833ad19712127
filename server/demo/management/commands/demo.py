"""`manage.py demo`: a course with judged baselines, on this machine alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluators.errors import EvaluatorError
from server.demo.api import ApiError
from server.demo.run import demo_run


class Command(BaseCommand):
    """Runs the demonstration."""

    help = "Judges the starter kits' baselines and shows them on leaderboards, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("--port", type=int, default=8000, help="where to serve")
        parser.add_argument("--task", help="slug of the one task to show; without it, all")
        parser.add_argument("--once", action="store_true", help="end after the boards were shown")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs it; a missing prerequisite ends it with one sentence."""
        try:
            good = demo_run(port=options["port"], once=options["once"], only=options["task"])
        except (EvaluatorError, ApiError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("stopped") from None
        if not good:
            raise CommandError("not every baseline was scored inside its pinned range")
