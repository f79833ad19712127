"""`manage.py worker`: a worker that judges what waits in one queue."""

import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_ready
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from evaluators.devices.choose import devices_parse
from evaluators.errors import InfrastructureError
from evaluators.sandbox import sandbox_select
from server.celery import app
from server.leaderboards.gpus import DEVICES_VARIABLE, gpu_sandbox, worker_devices
from server.leaderboards.hearing import is_deaf
from server.submissions.models import Queue

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Starts Celery's worker for a queue, with as many processes as it has slots."""

    help = "Judges what waits in a queue, until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what the command takes."""
        parser.add_argument("--queue", choices=Queue.values, default=Queue.CPU.value)
        parser.add_argument(
            "--slots", type=int, help="of the queue cpu: how many evaluations at once (1)"
        )
        parser.add_argument(
            "--devices",
            help="of the queue gpu: uuids of GPUs or MIG slices with commas between them, as "
            "`nvidia-smi -L` lists them, or auto for all; one evaluation at once on each",
        )
        parser.add_argument(
            "--beat",
            action="store_true",
            help="clean the storage, too, now and then; one worker should, unless a beat of its "
            "own runs. All workers sweep the queue",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the worker; comes back when it has ended."""
        queue = options["queue"]
        if queue == Queue.GPU:
            slots = _devices(options["devices"], options["slots"])
        else:
            slots = _slots(options["devices"], options["slots"])
        self._look(queue)
        for entry in app.conf.beat_schedule.values():
            entry["options"]["queue"] = queue
        if options["beat"]:
            worker_ready.connect(_beat_begin, weak=False)
        # The pool's processes must not inherit a connection.
        connections.close_all()
        try:
            self._work(queue, slots)
        finally:
            if is_deaf():
                # The same process, from its beginning: also where nobody would start it again.
                os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - our own command line

    def _work(self, queue: str, slots: int) -> None:
        app.worker_main(
            [
                # Its picture is no line of a log.
                *(["--quiet"] if settings.LOG_FORMAT == "json" else []),
                "worker",
                f"--hostname={queue}-{os.getpid()}@%h",
                f"--queues={queue}",
                f"--concurrency={slots}",
                "--loglevel=INFO",
                # What workers would tell each other is of no use here: the database knows it.
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )

    def _look(self, queue: str) -> None:
        """Says at once where it judges, or why it can't yet; what dead workers left goes."""
        try:
            box = gpu_sandbox() if queue == Queue.GPU else sandbox_select(settings.SANDBOX)
        except InfrastructureError as error:
            self._say(
                logging.ERROR, f"This worker can't judge yet, and waits until it can: {error}"
            )
            return
        self._say(logging.INFO, f"Judges in {box.name} with the runtime {box.runtime_digest}")
        for note in box.notes:
            self._say(logging.INFO, f"Weaker here: {note}")

    def _say(self, level: int, text: str) -> None:
        """Says something to whoever started it, or as a line of the log to whoever reads that."""
        if settings.LOG_FORMAT == "json":
            logger.log(level, text)
        else:
            (self.stderr if level >= logging.ERROR else self.stdout).write(text)


def _beat_begin(**_: Any) -> None:
    # A thread: a process of its own would outlive a worker that is killed.
    EmbeddedService(app, thread=True).start()


def _slots(devices: str | None, slots: int | None) -> int:
    if devices is not None:
        raise CommandError("--devices is for --queue gpu; a CPU worker gets none")
    if slots is None:
        return 1
    if slots < 1:
        raise CommandError(f"--slots is {slots}; a worker needs 1 or more")
    return slots


def _devices(devices: str | None, slots: int | None) -> int:
    if slots is not None:
        raise CommandError("--slots is for --queue cpu; a GPU worker has one for each device")
    if devices is None:
        raise CommandError("--queue gpu needs --devices: auto, or uuids that `nvidia-smi -L` lists")
    try:
        # The pool's processes, too, read it there.
        os.environ[DEVICES_VARIABLE] = ",".join(one.uuid for one in devices_parse(devices))
        return len(worker_devices())
    except InfrastructureError as error:
        raise CommandError(str(error)) from error
