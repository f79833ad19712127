"""`manage.py workers`: lists the workers that are online."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from server.clock import database_now
from server.leaderboards.presence import HOST
from server.submissions.models import Worker
from server.submissions.selectors import WorkerShown, queues_waiting, workers_shown


class Command(BaseCommand):
    """Lists workers, what they do, and which of their GPUs are drained."""

    help = "Lists the workers that are online, what they do, and how their GPUs are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument(
            "--here", action="store_true", help="only those of this host; fail if none can judge"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each worker and each of its GPUs, and who waits.

        Raises:
            CommandError: none of this host can judge, where only those are asked for.
        """
        shown = workers_shown()
        if options["here"]:
            shown = [one for one in shown if one.worker.name.startswith(f"{HOST}:")]
            if not any(one.worker.slots_well for one in shown):
                troubles = "; ".join(one.worker.trouble for one in shown if one.worker.trouble)
                raise CommandError(f"no worker of {HOST} can judge: {troubles or 'none is online'}")
        if not shown:
            self.stdout.write("No worker is online: start one with `manage.py worker`.")
        for one in shown:
            self.stdout.write(_line(one))
            if one.worker.trouble:
                self.stdout.write(f"  CAN'T JUDGE: {one.worker.trouble}")
            for line in _devices(one.worker):
                self.stdout.write(line)
        for queue, teams in queues_waiting().items():
            self.stdout.write(f"for {queue} workers: submissions of {teams} teams may start")


def _line(one: WorkerShown) -> str:
    worker = one.worker
    age = (database_now() - worker.seen_at).total_seconds()
    return (
        f"{worker.name}  {worker.queue}  {one.busy} of {worker.slots_well} slots busy, "
        f"since {worker.started_at:%Y-%m-%d %H:%M} UTC, heard of {age:.0f} s ago"
    )


def _devices(worker: Worker) -> Iterator[str]:
    for device in worker.devices:
        state = f"DRAINED: {device['drained']}" if device["drained"] else "well"
        yield f"  {device['uuid']}  {device['name']}, {device['memory_mb']} MB: {state}"
