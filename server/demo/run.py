"""The demonstration from beginning to end."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from evaluators.prepared import PreparedTask
from evaluators.sandbox.runtime import Runtime, runtime_find, runtime_folder
from server.accounts.models import User
from server.competitions.models import Competition
from server.competitions.selectors import team_named
from server.competitions.services import team_mark_baseline
from server.courses.models import Course
from server.demo.api import Api, log_in
from server.demo.baselines import Result, baselines_submit, baselines_train, baselines_wait
from server.demo.people import Person, competition_make, course_make, person_make
from server.demo.processes import Processes
from server.demo.show import Show
from server.demo.stack import (
    interrupts_heed,
    processes_check,
    server_start,
    tasks_ready,
    version_known,
)


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
    interrupts_heed()
    show = Show()
    show.step("Looking at the machine")
    runtime = runtime_find(runtime_folder())
    tasks = tasks_ready(show)
    instructor = person_make("demo-instructor", "Demo Instructor")
    student = person_make("demo-student", "Demo Student")
    course = course_make(instructor.user, student.user)
    competitions = [competition_make(course, version_known(prepared)) for prepared in tasks]
    with Processes(Path(settings.VAR_DIR) / "log") as processes:
        server = server_start(processes, port, show)
        good = True
        boards: dict[str, list[dict[str, Any]]] = {}
        viewer = log_in(server, student.user.username, student.password)
        for prepared, competition in zip(tasks, competitions, strict=True):
            results = _judge(
                prepared, competition, instructor.user, runtime, server, processes, show
            )
            good = good and not any(result.problem for result in results)
            boards[competition.slug] = _board(viewer, competition, results, server, show)
        path = Path(settings.VAR_DIR) / "demo.json"
        path.write_text(json.dumps(boards, indent=2) + "\n")
        if not once:
            _stay(processes, server, [instructor, student], course, show)
    return good


def _judge(
    prepared: PreparedTask,
    competition: Competition,
    instructor: User,
    runtime: Runtime,
    server: str,
    processes: Processes,
    show: Show,
) -> list[Result]:
    show.step(f"{competition.title}: training the starter kit's baselines (once)")
    artifacts = baselines_train(prepared, runtime, show)
    show.step(f"{competition.title}: submitting them through the API")
    entries = baselines_submit(server, competition.slug, competition.course.invite_code, artifacts)
    for entry in entries:
        if team := team_named(name=entry.team, competition=competition):
            team_mark_baseline(
                competition=competition, actor=instructor, team_id=team.pk, is_baseline=True
            )
    return baselines_wait(entries, prepared, lambda: processes_check(processes), show)


def _board(
    viewer: Api, competition: Competition, results: list[Result], server: str, show: Show
) -> list[dict[str, Any]]:
    """Shows a board and returns what `demo.json` keeps of it: its rows, then the other teams.

    Baselines take no rank on the board; here each row is counted.
    """
    rows = viewer.leaderboard(competition.slug)
    show.board(competition.title, rows, f"{server}/competitions/{competition.slug}/leaderboard/")
    kept = [
        {"rank": n, "team": r["team"], "score": r["score"]["value"], "verdict": "scored"}
        for n, r in enumerate(rows, 1)
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
        while True:
            processes_check(processes)
            time.sleep(0.5)
    except KeyboardInterrupt:
        show.step("Stopping")
