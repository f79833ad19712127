"""Trains a kit's baselines, submits them as teams through the API, and waits for their scores."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from evaluators.baselines import baseline_names, baseline_train
from evaluators.expected import expected_load
from evaluators.prepared import PreparedTask
from evaluators.report import Split
from evaluators.sandbox.runtime import Runtime
from server.demo.api import Api, ApiError, log_in
from server.demo.people import person_make
from server.demo.show import Show

ENDED = ("done", "error", "cancelled")
POLL_SECONDS = 0.5
TELL_SECONDS = 5.0
# Beyond a full queue of slow evaluations something is stuck.
WAIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Entry:
    """A baseline on its way.

    Attributes:
        name: as in `train_<name>.py` and `expected.json`.
        team: whose.
        api: the team's access.
        submission: its id.
    """

    name: str
    team: str
    api: Api
    submission: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a baseline.

    Attributes:
        name: of the baseline.
        team: whose.
        verdict: of the evaluation; its status where there is none.
        score: the primary score on the public split, if it was scored.
        seconds: from submitting to the end, as the server counts.
        problem: why it does not count as well, or an empty text.
    """

    name: str
    team: str
    verdict: str
    score: float | None
    seconds: float
    problem: str


def baselines_train(prepared: PreparedTask, runtime: Runtime, show: Show) -> dict[str, Path]:
    """Trains all baselines of a task's kit, two at a time, and returns their zips by name.

    Raises:
        TaskError: one can't be trained.
    """
    kit = Path(settings.KITS_DIR) / prepared.task.slug

    def train(name: str) -> Path:
        return baseline_train(
            kit=kit,
            name=name,
            data=prepared.public,
            runtime_python=runtime.python,
            cache=Path(settings.VAR_DIR) / "baselines",
            data_version=prepared.data_version,
            runtime_digest=runtime.digest,
            on_line=lambda line: show.line(f"{name}: {line}"),
        )

    names = baseline_names(kit)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(names, pool.map(train, names), strict=True))


def baselines_submit(
    server: str, competition: str, invite_code: str, artifacts: dict[str, Path]
) -> list[Entry]:
    """Submits each baseline as a team of its own, through the public API."""
    entries = []
    for name, path in artifacts.items():
        team = f"{name.capitalize()} baseline"
        person = person_make(f"baseline-{name}", team)
        api = log_in(server, person.user.username, person.password)
        api.join(invite_code)
        submission = api.submit(competition, path, "the starter kit's baseline")
        entries.append(Entry(name, team, api, submission))
    return entries


def baselines_wait(
    entries: list[Entry], prepared: PreparedTask, check: Callable[[], None], show: Show
) -> list[Result]:
    """Waits until all are judged, and compares them with their pins.

    Args:
        entries: what was submitted.
        prepared: its task.
        check: raises when a process of ours has died.
        show: tells the progress.

    Raises:
        ApiError: they are not judged in time.
    """
    expected = expected_load(prepared.task.folder)
    results: dict[str, Result] = {}
    deadline, told = time.monotonic() + WAIT_SECONDS, 0.0
    while len(results) < len(entries):
        check()
        if time.monotonic() > deadline:
            raise ApiError(f"the baselines were not judged within {WAIT_SECONDS} s")
        for entry in entries:
            if entry.name in results:
                continue
            shown = entry.api.submission(entry.submission)
            if shown["status"] in ENDED:
                result = _result(entry, shown, expected.inside)
                results[entry.name] = result
                outcome = result.problem or f"{result.score:.4f} after {result.seconds:.1f} s"
                show.line(f"{entry.team}: {result.verdict}, {outcome}")
            elif time.monotonic() > told + TELL_SECONDS:
                told = time.monotonic()
                place = shown["queue_position"]
                where = (
                    f"place {place} in the queue" if place else f"{shown['stage'] or 'first'} stage"
                )
                show.line(f"{entry.team}: {shown['status']}, {where}")
        time.sleep(POLL_SECONDS)
    return [results[entry.name] for entry in entries]


def _result(entry: Entry, shown: dict[str, Any], inside: Callable[[str, float], bool]) -> Result:
    verdict = shown["verdict"] or shown["status"]
    score = next((s["value"] for s in shown["scores"] if s["split"] == Split.PUBLIC), None)
    problem = ""
    if verdict != "scored" or score is None:
        message = shown["message"] or {"text": "no message"}
        problem = f"it was not scored: {message['text']}"
    elif not inside(entry.name, score):
        problem = f"its score {score:.4f} is outside of its pinned range"
    return Result(entry.name, entry.team, verdict, score, _seconds(shown), problem)


def _seconds(shown: dict[str, Any]) -> float:
    began, ended = shown["received_at"], shown["finished_at"]
    if not ended:
        return 0.0
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
