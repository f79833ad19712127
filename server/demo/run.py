"""The demonstration from beginning to end."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from evaluators.expected import Expected, expected_load
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from server.accounts.models import User
from server.competitions.models import Competition
from server.competitions.selectors import team_named
from server.competitions.services import team_mark_baseline
from server.courses.models import Course
from server.demo.api import Api, log_in
from server.demo.baselines import Entry, Result, baselines_submit, baselines_wait, results
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
from server.demo.training import AT_ONCE, Trained, baselines_train


@dataclass(frozen=True, slots=True)
class Contest:
    """A competition of the demonstration.

    Attributes:
        competition: the competition.
        slug: of its task.
        expected: what the task's baselines should score.
        baselines: its kit's.
    """

    competition: Competition
    slug: str
    expected: Expected
    baselines: list[Trained]


def demo_run(*, port: int, once: bool, only: str | None) -> bool:
    """Sets all up, judges the baselines, shows the boards, and stays until Ctrl-C.

    Args:
        port: where to serve; the next free one is taken if it is not.
        once: end after the boards were shown.
        only: slug of the one task to show; None for all that have a starter kit.

    Returns:
        Whether every baseline was scored inside its pinned range.

    Raises:
        EvaluatorError: a prerequisite is missing, or a task is at fault.
        ApiError: the server did not do what it should.
    """
    interrupts_heed()
    began = time.monotonic()
    show = Show()
    show.step("Looking at the machine")
    runtime = runtime_find(runtime_folder())
    tasks = tasks_ready(show, only)
    pins = [expected_load(prepared.task.folder) for prepared in tasks]  # missing ones fail early
    instructor = person_make("demo-instructor", "Demo Instructor")
    student = person_make("demo-student", "Demo Student")
    course = course_make(instructor.user, student.user)
    competitions = [competition_make(course, version_known(prepared)) for prepared in tasks]
    show.step("Training the starter kits' baselines (once)")
    trained = baselines_train(tasks, runtime, show)
    contests = [
        Contest(competition, one.task.slug, expected, trained[one.task.slug])
        for competition, one, expected in zip(competitions, tasks, pins, strict=True)
    ]
    with Processes(Path(settings.VAR_DIR) / "log") as processes:
        server = server_start(processes, port, show, workers=AT_ONCE)
        shown = _judge(contests, instructor.user, server, processes, show)
        viewer = log_in(server, student.user.username, student.password)
        boards: dict[str, list[dict[str, Any]]] = {}
        problems: list[str] = []
        for contest in contests:
            outcome = results(contest.expected, contest.baselines, shown)
            boards[contest.competition.slug] = _board(
                viewer, contest.competition, outcome, server, show
            )
            problems += [
                f"{contest.slug}, {one.name}: {one.problem}" for one in outcome if one.problem
            ]
        path = Path(settings.VAR_DIR) / "demo.json"
        path.write_text(json.dumps(boards, indent=2) + "\n")
        show.step(f"{len(boards)} boards after {time.monotonic() - began:.0f} s")
        for problem in problems:
            show.line(problem)
        if not once:
            _stay(processes, server, [instructor, student], course, show)
    return not problems


def _judge(
    contests: Sequence[Contest], instructor: User, server: str, processes: Processes, show: Show
) -> dict[Trained, dict[str, Any]]:
    """Submits all baselines, waits for them, and returns what the API shows of each."""
    show.step("Submitting them through the API, and waiting for their scores")
    entries: list[Entry] = []
    for contest in contests:
        competition = contest.competition
        code = competition.course.invite_code
        submitted = baselines_submit(server, competition.slug, code, contest.baselines)
        for entry in submitted:
            if team := team_named(name=entry.team, competition=competition):
                team_mark_baseline(
                    competition=competition, actor=instructor, team_id=team.pk, is_baseline=True
                )
        entries += submitted
    return baselines_wait(entries, lambda: processes_check(processes), show)


def _board(
    viewer: Api, competition: Competition, outcome: list[Result], server: str, show: Show
) -> list[dict[str, Any]]:
    """Shows a board and returns what `demo.json` keeps of it: its rows, then the other teams.

    Baselines take no rank on the board; here each row is counted.
    """
    rows = viewer.leaderboard(competition.slug)
    show.board(competition.title, rows, f"{server}/competitions/{competition.slug}/leaderboard/")
    by_team = {result.team: asdict(result) for result in outcome}
    kept = [
        by_team.get(row["team"], {})
        | {
            "rank": rank,
            "team": row["team"],
            "score": row["score"]["value"],
            "verdict": "scored",
        }
        for rank, row in enumerate(rows, 1)
    ]
    ranked = {row["team"] for row in rows}
    kept += [one | {"rank": None} for team, one in by_team.items() if team not in ranked]
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
