"""`manage.py client`: builds the students' package."""

from django.core.management.base import BaseCommand, CommandError

from evaluators.errors import InfrastructureError
from server.competitions.client_package import client_wheel


class Command(BaseCommand):
    """Builds the wheel that students install, if its sources have changed."""

    help = "Builds the wheel that students install, if its sources have changed."

    def handle(self, *args: object, **options: object) -> None:
        """Builds it and says where it is."""
        try:
            wheel = client_wheel()
        except InfrastructureError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"the students' package: {wheel}")
