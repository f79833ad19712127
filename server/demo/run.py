"""The demonstration from beginning to end."""

import json
import logging
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command

from evaluators.installation import task_seed
from evaluators.prepare import task_prepare
from evaluators.prepared import PreparedTask
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.runtime import Runtime, runtime_find, runtime_folder
from evaluators.task import tasks_find
from server.competitions.datasets import data_archive
from server.competitions.models import Competition
from server.competitions.services import task_register
from server.courses.models import Course
from server.demo.api import Api, ApiError, log_in, server_wait
from server.demo.baselines import Result, baselines_submit, baselines_train, baselines_wait
from server.demo.people import Person, competition_make, course_make, person_make
from server.demo.processes import Processes
from server.demo.show import Show

PORTS_TRIED = 20


def demo_run(*, port: int, once: bool) -> bool:
    """Sets all up, judges the baselines, shows the boards, and stays until Ctrl-C.

    Args:
        port: where to serve; the next free one is taken if it is not.
        once: end after the boards were shown.

    Returns:
        Whether every baseline was scored inside its pinned range.

    Raises:
        EvaluatorError: a prerequisite is missing, or a task is at fault.
        ApiError: the server did not do what it should.
    """
    # Ctrl-C also where a shell has started this in the background, with the signal ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    show = Show()
    show.step("Looking at the machine")
    runtime = runtime_find(runtime_folder())
    sandbox = sandbox_select(settings.SANDBOX)
    show.line(f"the {sandbox.name} sandbox works")
    for note in sandbox.notes:
        show.line(f"weaker here: {note}")
    show.step("Setting up the database")
    call_command("migrate", verbosity=0)
    tasks = [
        task_prepare(
            task=task,
            data_root=Path(settings.DATA_DIR),
            seed=task_seed(Path(settings.VAR_DIR), task.slug),
            sandbox=sandbox,
            on_line=lambda line: show.line(line),
        )
        for task in tasks_find(Path(settings.TASKS_DIR))
        if (Path(settings.KITS_DIR) / task.slug).is_dir()
    ]
    instructor = person_make("demo-instructor", "Demo Instructor")
    student = person_make("demo-student", "Demo Student")
    course = course_make(instructor.user, student.user)
    competitions = [_competition(course, prepared) for prepared in tasks]
    with Processes(Path(settings.VAR_DIR) / "log") as processes:
        server = _start(processes, _free_port(port), show)
        good = True
        boards: dict[str, list[dict[str, Any]]] = {}
        viewer = log_in(server, student.user.username, student.password)
        for prepared, competition in zip(tasks, competitions, strict=True):
            results = _judge(prepared, competition, runtime, server, processes, show)
            good = good and not any(result.problem for result in results)
            boards[competition.slug] = _board(viewer, competition, results, server, show)
        path = Path(settings.VAR_DIR) / "demo.json"
        path.write_text(json.dumps(boards, indent=2) + "\n")
        if not once:
            _stay(processes, server, [instructor, student], course, show)
    return good


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _competition(course: Course, prepared: PreparedTask) -> Competition:
    version = task_register(task=prepared.task, data_version=prepared.data_version)
    data_archive(task_version=version)
    return competition_make(course, version)


def _start(processes: Processes, port: int, show: Show) -> str:
    """Starts web server and worker and waits for the first to answer."""
    server = f"http://127.0.0.1:{port}"
    show.step(f"Starting the web server at {server} and a worker")
    environment = {"BIND": f"127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    gunicorn = ["-m", "gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
    processes.start("web", [sys.executable, *gunicorn], environment)
    celery = ["-m", "celery", "-A", "server", "worker", "--beat", "--queues", "cpu"]
    options = ["--concurrency", "1", "--loglevel", "INFO"]
    processes.start("worker", [sys.executable, *celery, *options], environment)
    server_wait(server, gone=lambda: processes.dead() is not None)
    return server


def _judge(
    prepared: PreparedTask,
    competition: Competition,
    runtime: Runtime,
    server: str,
    processes: Processes,
    show: Show,
) -> list[Result]:
    show.step(f"{competition.title}: training the starter kit's baselines (once)")
    artifacts = baselines_train(prepared, runtime, show)
    show.step(f"{competition.title}: submitting them through the API")
    entries = baselines_submit(server, competition.slug, competition.course.invite_code, artifacts)

    def check() -> None:
        if (dead := processes.dead()) is not None:
            raise ApiError(f"the process {dead.name!r} ended; its log {dead.log}:\n{dead.tail()}")

    return baselines_wait(entries, prepared, check, show)


def _board(
    viewer: Api, competition: Competition, results: list[Result], server: str, show: Show
) -> list[dict[str, Any]]:
    """Shows a board and returns what `demo.json` keeps of it: ranked teams, then the others."""
    rows = viewer.leaderboard(competition.slug)
    show.board(competition.title, rows, f"{server}/competitions/{competition.slug}/leaderboard/")
    kept = [
        {"rank": r["rank"], "team": r["team"], "score": r["score"]["value"], "verdict": "scored"}
        for r in rows
    ]
    ranked = {row["team"] for row in rows}
    kept += [
        {"rank": None, "team": result.team, "score": None, "verdict": result.verdict}
        for result in results
        if result.team not in ranked
    ]
    for result in results:
        if result.problem:
            show.line(f"{result.team}: {result.problem}")
    return kept


def _stay(
    processes: Processes, server: str, people: list[Person], course: Course, show: Show
) -> None:
    show.step(f"Open {server} and log in, or join the course:")
    for person in people:
        show.line(f"{person.user.username:16} password {person.password}")
    show.line(f"{'invite link':16} {server}/join/{course.invite_code}/")
    show.step("Ctrl-C stops everything.")
    try:
        while (dead := processes.dead()) is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        show.step("Stopping")
        return
    raise ApiError(f"the process {dead.name!r} ended; its log {dead.log}:\n{dead.tail()}")


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
