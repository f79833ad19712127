"""What demonstrations stand on: prepared tasks, a web server and a worker, until Ctrl-C."""

import logging
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from evaluators.installation import task_seed
from evaluators.prepare import task_prepare
from evaluators.prepared import PreparedTask
from evaluators.sandbox import sandbox_select
from evaluators.task import task_find, tasks_find
from server.competitions.datasets import data_archive, task_share
from server.competitions.kits import kit_archive
from server.competitions.models import TaskVersion
from server.competitions.services import task_register
from server.demo.api import ApiError, server_wait
from server.demo.processes import Processes
from server.demo.show import Show

PORTS_TRIED = 20


def interrupts_heed() -> None:
    """Makes Ctrl-C and a request to end work alike, and keeps requests out of the terminal.

    Ctrl-C also where a shell has started this in the background, with the signal ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def tasks_ready(show: Show, only: str | None = None) -> list[PreparedTask]:
    """Sets up the database and prepares every task that has a starter kit.

    Args:
        show: tells the progress.
        only: slug of the one task to prepare.

    Raises:
        EvaluatorError: no sandbox works here, or a task is at fault.
    """
    root = Path(settings.TASKS_DIR)
    tasks = tasks_find(root) if only is None else [task_find(root, only)]
    sandbox = sandbox_select(settings.SANDBOX)
    show.line(f"the {sandbox.name} sandbox works")
    for note in sandbox.notes:
        show.line(f"weaker here: {note}")
    show.step("Setting up the database")
    call_command("migrate", verbosity=0)
    return [
        task_prepare(
            task=task,
            data_root=Path(settings.DATA_DIR),
            seed=task_seed(Path(settings.VAR_DIR), task.slug),
            sandbox=sandbox,
            on_line=show.line,
        )
        for task in tasks
        if (Path(settings.KITS_DIR) / task.slug).is_dir()
    ]


def version_known(prepared: PreparedTask) -> TaskVersion:
    """Makes a prepared task known to the server, with its downloads."""
    task_share(prepared=prepared)
    version = task_register(task=prepared.task, data_version=prepared.data_version)
    data_archive(task_version=version)
    kit_archive(task_version=version)
    return version


def server_start(processes: Processes, first_port: int, show: Show, *, workers: int = 1) -> str:
    """Starts web server and worker, waits for the first to answer, and returns its address.

    Args:
        processes: what ends them.
        first_port: where to serve, or the next free one.
        show: tells the progress.
        workers: how many evaluations run at once.

    Raises:
        ApiError: no port is free, or the server does not answer.
    """
    port = _free_port(first_port)
    server = f"http://127.0.0.1:{port}"
    show.step(f"Starting the web server at {server} and a worker")
    environment = {"BIND": f"127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    gunicorn = ["-m", "gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
    processes.start("web", [sys.executable, *gunicorn], environment)
    worker = ["manage.py", "worker", "--queue", "cpu", "--slots", str(workers), "--beat"]
    processes.start("worker", [sys.executable, *worker], environment)
    server_wait(server, gone=lambda: processes.dead() is not None)
    return server


def processes_check(processes: Processes) -> None:
    """Raises ApiError with the end of its log when one of the processes has ended."""
    if (dead := processes.dead()) is not None:
        raise ApiError(f"the process {dead.name!r} ended; its log {dead.log}:\n{dead.tail()}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ApiError(f"no free port from {first} to {first + PORTS_TRIED - 1}: choose one with PORT=")
