"""`manage.py classroom`: a class of students against a server of its own, on this machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluators.errors import EvaluatorError
from server.demo.api import ApiError
from server.demo.classroom import classroom_run
from server.demo.show import Show


class Command(BaseCommand):
    """Lets a class submit through the API and checks that nothing is lost."""

    help = "Lets many students submit at once, and checks quotas, verdicts and the board."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("--port", type=int, default=8000, help="where to serve")
        parser.add_argument("--students", type=int, default=80, help="how many")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs it; anything lost, over quota or wrong on the board is an error."""
        try:
            problems = classroom_run(
                port=options["port"], students=options["students"], show=Show()
            )
        except (EvaluatorError, ApiError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("stopped") from None
        if problems:
            raise CommandError("; ".join(problems))
        self.stdout.write("nothing lost, nobody over quota, the board is right")
