"""`manage.py worker`: a worker that judges what waits in one queue."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from server.celery import app
from server.submissions.models import Queue


class Command(BaseCommand):
    """Starts Celery's worker for a queue, with as many processes as it has slots."""

    help = "Judges what waits in a queue, until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("--queue", choices=Queue.values, default=Queue.CPU.value)
        parser.add_argument(
            "--slots", type=int, help="of the queue cpu: how many evaluations at once (1)"
        )
        parser.add_argument("--beat", action="store_true", help="sweep, too; one worker must")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the worker; comes back when it has ended."""
        slots = 1 if options["slots"] is None else options["slots"]
        if slots < 1:
            raise CommandError(f"--slots is {slots}; a worker needs 1 or more")
        queue = options["queue"]
        app.conf.beat_schedule["sweep"]["options"]["queue"] = queue
        # The pool's processes must not inherit a connection.
        connections.close_all()
        app.worker_main(
            [
                "worker",
                f"--hostname={queue}-{os.getpid()}@%h",
                f"--queues={queue}",
                f"--concurrency={slots}",
                "--loglevel=INFO",
                # What workers would tell each other is of no use here: the database knows it.
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                *(["--beat"] if options["beat"] else []),
            ]
        )
