"""A whole class at once: many students submit through the API, and nothing may be lost."""

import io
import random
import statistics
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from evaluators.spec import TaskSpec
from server.competitions.models import Competition
from server.demo.api import Api, ApiError, log_in
from server.demo.people import competition_make, course_make, person_make
from server.demo.processes import Processes
from server.demo.show import Show
from server.demo.stack import (
    interrupts_heed,
    processes_check,
    server_start,
    tasks_ready,
    version_known,
)
from server.leaderboards.services import standings_compare

ENDED = ("done", "error", "cancelled")
CLIENTS = 20
# More than the daily limit lets through: what is beyond it must be refused.
TRIES = 7
TURN_SECONDS = 1.0
LOOK_SECONDS = 0.5
WAIT_SECONDS = 1800

PROBABILITIES = """
import numpy as np

class Model:
    def __init__(self, folder):
        self.sure = {sure}

    def predict(self, inputs):
        n = len(next(iter(inputs.values())))
        rest = (1 - self.sure) / ({width} - 1)
        answer = np.full((n, {width}), rest, dtype=np.float32)
        answer[:, {favourite}] = self.sure
        return answer
"""
BROKEN = "class Model:\n    def predict(self, inputs): ...\n"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that the server took.

    Attributes:
        student: whose.
        api: their access.
        submission: its id.
    """

    student: str
    api: Api
    submission: str


@dataclass(slots=True)
class Tally:
    """What the class has seen, counted from many threads.

    Attributes:
        accepted: what the server took.
        refused: how many tries it refused, by status code.
        latencies: seconds that pages took while the class was busy.
    """

    accepted: list[Accepted] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def classroom_run(*, port: int, students: int, show: Show) -> list[str]:
    """Lets a class submit, waits for all verdicts, and checks what the server says of it.

    Args:
        port: where to serve.
        students: how many; each sends seven, of which the daily limit lets five through.
        show: tells the progress.

    Returns:
        What is wrong, in words; empty if nothing is.

    Raises:
        EvaluatorError: a prerequisite is missing.
        ApiError: the server did not do what it should.
    """
    interrupts_heed()
    show.step("Setting up")
    prepared = next(
        one for one in tasks_ready(show) if _width(one.task.spec) > 1
    )  # a task of classes
    instructor = person_make("demo-instructor", "Demo Instructor")
    course = course_make(instructor.user, person_make("demo-student", "Demo Student").user)
    competition = competition_make(course, version_known(prepared))
    show.step(f"Signing up {students} students")
    people = [person_make(f"student-{n}", f"Student {n}") for n in range(1, students + 1)]
    tally = Tally()
    with Processes(Path(settings.VAR_DIR) / "log") as processes:
        server = server_start(processes, port, show)
        began = time.monotonic()
        over = threading.Event()
        pages = [
            f"{server}/competitions/{competition.slug}/{tail}" for tail in ("", "leaderboard/")
        ]
        watch = threading.Thread(target=_watch_pages, args=(pages, over, tally), daemon=True)
        watch.start()

        def play(number: int) -> None:
            person = people[number]
            api = log_in(server, person.user.username, person.password)
            api.join(course.invite_code)
            _submit_all(api, person.user.username, competition, prepared.task.spec, tally)

        show.step(f"{students} students submit {TRIES} times each, {CLIENTS} at a time")
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(play, range(students)))
        submitted = time.monotonic() - began
        shown = _wait_for_all(tally, lambda: processes_check(processes), show)
        judged = time.monotonic() - began
        over.set()
        watch.join()
        board = log_in(server, instructor.user.username, instructor.password).leaderboard(
            competition.slug
        )
        problems = _problems(competition, tally, shown, board, students)
    _tell(show, tally, shown, submitted, judged)
    return problems


def _submit_all(
    api: Api, student: str, competition: Competition, spec: TaskSpec, tally: Tally
) -> None:
    # Seeded by the student, so that a run can be repeated; nothing secret hangs on it.
    draw = random.Random(student)  # noqa: S311
    for number in range(TRIES):
        content = _submission(draw, spec, broken=number == 2)
        while True:
            try:
                submission = api.submit_bytes(
                    competition.slug, f"{number}.zip", content, f"try {number + 1}"
                )
            except ApiError as error:
                if error.status == 429 and "wait already" in str(error):
                    time.sleep(TURN_SECONDS)
                    continue
                with tally.lock:
                    tally.refused[error.status] += 1
            else:
                with tally.lock:
                    tally.accepted.append(Accepted(student, api, submission))
            break


def _submission(draw: random.Random, spec: TaskSpec, *, broken: bool) -> bytes:
    """A zip with a model that favours one class, more or less surely."""
    width = _width(spec)
    source = PROBABILITIES.format(
        sure=round(draw.uniform(0.11, 0.9), 6), width=width, favourite=draw.randrange(width)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model.py", BROKEN if broken else source)
    return file.getvalue()


def _width(spec: TaskSpec) -> int:
    return len(spec.output[spec.output_name].classes or ())


def _watch_pages(pages: list[str], over: threading.Event, tally: Tally) -> None:
    with httpx.Client(timeout=60) as client:
        while not over.wait(LOOK_SECONDS):
            for page in pages:
                started = time.monotonic()
                client.get(page).raise_for_status()
                tally.latencies.append(time.monotonic() - started)


def _wait_for_all(tally: Tally, check: Callable[[], None], show: Show) -> dict[str, dict[str, Any]]:
    """Waits until every accepted submission has ended, and returns what is shown of each."""
    show.step(f"Waiting for the {len(tally.accepted)} that were taken")
    shown: dict[str, dict[str, Any]] = {}
    deadline = time.monotonic() + WAIT_SECONDS
    while len(shown) < len(tally.accepted) and time.monotonic() < deadline:
        check()
        for one in tally.accepted:
            if one.submission not in shown:
                answer = one.api.submission(one.submission)
                if answer["status"] not in ENDED:
                    break  # those behind it have most likely not ended either
                shown[one.submission] = answer
        show.line(f"{len(shown)} of {len(tally.accepted)} judged")
        time.sleep(5 * LOOK_SECONDS)
    return shown


def _problems(
    competition: Competition,
    tally: Tally,
    shown: dict[str, dict[str, Any]],
    board: list[dict[str, Any]],
    students: int,
) -> list[str]:
    problems = []
    by_student = Counter(one.student for one in tally.accepted)
    counted = Counter(
        one.student
        for one in tally.accepted
        if shown.get(one.submission, {}).get("verdict") == "scored"
    )
    if lost := len(tally.accepted) - len(shown):
        problems.append(f"{lost} submissions were not judged in time")
    verdicts = {answer["verdict"] for answer in shown.values()}
    if not verdicts <= {"scored", "load_error"}:
        problems.append(f"unexpected verdicts: {verdicts}")
    if over := [who for who, count in counted.items() if count > competition.daily_limit]:
        problems.append(f"{len(over)} students had more scored than the daily limit")
    if len(by_student) != students:
        problems.append(f"only {len(by_student)} of {students} students got one in")
    if unexpected := set(tally.refused) - {429}:
        problems.append(f"refusals with other status codes than 429: {unexpected}")
    if differences := standings_compare(competition=competition):
        problems.append(f"{len(differences)} standings differ from a recomputation")
    return problems + _board_problems(tally, shown, board)


def _board_problems(
    tally: Tally, shown: dict[str, dict[str, Any]], board: list[dict[str, Any]]
) -> list[str]:
    """Compares the board with the best public score that each team's own submissions show."""
    best: dict[str, float] = {}
    primary = board[0]["score"]["metric"] if board else ""
    for answer in shown.values():
        for score in answer["scores"]:
            if (score["metric"], score["split"]) == (primary, "public"):
                team = answer["team"]
                best[team] = min(best.get(team, score["value"]), score["value"])
    ours = {row["team"]: row["score"]["value"] for row in board if row["team"] in best}
    values = [row["score"]["value"] for row in board]
    problems = []
    if ours != best:
        problems.append("the board does not show each team's best public score")
    if values != sorted(values):
        problems.append("the board is not in order")
    return problems


def _tell(
    show: Show,
    tally: Tally,
    shown: dict[str, dict[str, Any]],
    submitted: float,
    judged: float,
) -> None:
    verdicts = Counter(answer["verdict"] for answer in shown.values())
    show.step("What the class has seen")
    show.line(
        f"{len(tally.accepted)} taken, {sum(tally.refused.values())} refused: {dict(tally.refused)}"
    )
    show.line(f"verdicts: {dict(verdicts)}")
    show.line(f"all submitted after {submitted:.0f} s, all judged after {judged:.0f} s")
    middle, worst = statistics.median(tally.latencies), max(tally.latencies)
    show.line(
        f"pages meanwhile: median {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms "
        f"of {len(tally.latencies)}"
    )
