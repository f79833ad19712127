"""Submits the kits' baselines as teams through the API, and waits for their scores."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluators.expected import Expected
from evaluators.report import Split
from server.demo.api import Api, ApiError, log_in
from server.demo.people import person_make
from server.demo.show import Show
from server.demo.training import Trained

ENDED = ("done", "error", "cancelled")
POLL_SECONDS = 0.5
TELL_SECONDS = 5.0
# Beyond a full queue of slow evaluations something is stuck.
WAIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Entry:
    """A baseline on its way.

    Attributes:
        trained: the baseline.
        team: whose.
        api: the team's access.
        submission: its id.
    """

    trained: Trained
    team: str
    api: Api
    submission: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a baseline.

    Attributes:
        task: slug of its task.
        name: of the baseline.
        team: whose.
        verdict: of the evaluation; its status where there is none.
        score: the primary score on the public split, if it was scored.
        low: lower end of its interval.
        high: upper end.
        trained_seconds: of one core that its training took.
        judged_seconds: from its turn to its verdict, as the server counts.
        problem: why it does not count as well, or an empty text.
    """

    task: str
    name: str
    team: str
    verdict: str
    score: float | None
    low: float | None
    high: float | None
    trained_seconds: float
    judged_seconds: float
    problem: str


def baselines_submit(
    server: str, competition: str, invite_code: str, baselines: Sequence[Trained]
) -> list[Entry]:
    """Submits each baseline as a team of its own, through the public API."""
    entries = []
    for trained in baselines:
        if trained.submission is None:
            continue
        team = _team(trained.name)
        person = person_make(f"baseline-{trained.name}", team)
        api = log_in(server, person.user.username, person.password)
        api.join(invite_code)
        submission = api.submit(competition, trained.submission, "the starter kit's baseline")
        entries.append(Entry(trained, team, api, submission))
    return entries


def baselines_wait(
    entries: Sequence[Entry], check: Callable[[], None], show: Show
) -> dict[Trained, dict[str, Any]]:
    """Waits until all are judged.

    Args:
        entries: what was submitted, of all tasks.
        check: raises when a process of ours has died.
        show: tells the progress.

    Returns:
        What the API shows of each.

    Raises:
        ApiError: they are not judged in time.
    """
    ended: dict[Trained, dict[str, Any]] = {}
    deadline, told = time.monotonic() + WAIT_SECONDS, 0.0
    while len(ended) < len(entries):
        check()
        if time.monotonic() > deadline:
            raise ApiError(f"the baselines were not judged within {WAIT_SECONDS} s")
        for entry in entries:
            if entry.trained in ended:
                continue
            shown = entry.api.submission(entry.submission)
            who = f"{entry.trained.slug}, {entry.trained.name}"
            if shown["status"] in ENDED:
                ended[entry.trained] = shown
                verdict = shown["verdict"] or shown["status"]
                show.line(
                    f"[{len(ended)}/{len(entries)}] {who}: {verdict} in {_seconds(shown):.1f} s"
                )
            elif time.monotonic() > told + TELL_SECONDS:
                told = time.monotonic()
                show.line(f"{who}: {shown['status']}, {_where(shown)}")
        time.sleep(POLL_SECONDS)
    return ended


def results(
    expected: Expected, baselines: Sequence[Trained], shown: Mapping[Trained, dict[str, Any]]
) -> list[Result]:
    """Compares a task's baselines with their pins.

    Args:
        expected: the pins.
        baselines: the kit's.
        shown: what the API shows of those that were judged.
    """
    return [
        _result(trained, shown[trained], expected.inside)
        if trained in shown
        else _untrained(trained)
        for trained in baselines
    ]


def _result(
    trained: Trained, shown: dict[str, Any], inside: Callable[[str, float], bool]
) -> Result:
    verdict = shown["verdict"] or shown["status"]
    score = next((one for one in shown["scores"] if one["split"] == Split.PUBLIC), None)
    problem = ""
    if verdict != "scored" or score is None:
        message = shown["message"] or {"text": "no message"}
        problem = f"it was not scored: {message['text']}"
    elif not inside(trained.name, score["value"]):
        problem = f"its score {score['value']:.4f} is outside of its pinned range"
    return Result(
        task=trained.slug,
        name=trained.name,
        team=_team(trained.name),
        verdict=verdict,
        score=score["value"] if score else None,
        low=score["low"] if score else None,
        high=score["high"] if score else None,
        trained_seconds=trained.seconds,
        judged_seconds=_seconds(shown),
        problem=problem,
    )


def _untrained(trained: Trained) -> Result:
    return Result(
        task=trained.slug,
        name=trained.name,
        team=_team(trained.name),
        verdict="not trained",
        score=None,
        low=None,
        high=None,
        trained_seconds=0.0,
        judged_seconds=0.0,
        problem=trained.problem,
    )


def _team(name: str) -> str:
    return f"{name.capitalize()} baseline"


def _where(shown: dict[str, Any]) -> str:
    place = shown["queue_position"]
    return f"place {place} in the queue" if place else f"{shown['stage'] or 'first'} stage"


def _seconds(shown: dict[str, Any]) -> float:
    """From its turn to its end."""
    began, ended = shown["started_at"], shown["finished_at"]
    if not began or not ended:
        return 0.0
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
