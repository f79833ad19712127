"""`manage.py standings check|rebuild`: compares the standings with the evaluations."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from server.competitions.models import Competition
from server.leaderboards.services import standings_compare, standings_rebuild


class Command(BaseCommand):
    """Compares standings with what the evaluations say, and makes them right if asked to."""

    help = "Compares the standings with the evaluations (check), or makes them right (rebuild)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("action", choices=["check", "rebuild"])
        parser.add_argument("--competition", help="slug of one competition; all without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks or rebuilds, and fails when a check finds a difference."""
        competitions = Competition.objects.select_related("task_version", "course").order_by("slug")
        if slug := options["competition"]:
            competitions = competitions.filter(slug=slug)
            if not competitions:
                raise CommandError(f"there is no competition {slug!r}")
        work = standings_compare if options["action"] == "check" else standings_rebuild
        wrong = 0
        for competition in competitions:
            for difference in work(competition=competition):
                wrong += 1
                self.stdout.write(f"{competition.slug}: {difference}")
        if wrong and options["action"] == "check":
            raise CommandError(f"{wrong} standings are wrong; run `manage.py standings rebuild`")
        self.stdout.write(f"{wrong} standings differed")
