"""Standings differ only where they are wrong, not as something is scored meanwhile."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connections

from server.competitions.models import Competition
from server.courses.models import Action, LoggedAction
from server.leaderboards import services
from server.leaderboards.models import Standing
from server.leaderboards.ranking import Best, best_of_team
from server.leaderboards.services import (
    evaluation_finish,
    standings_compare,
    standings_rebuild,
)
from tests.server.cast import Cast
from tests.server.judging import claim_next, judged, report_scored, submit


def before_looks(monkeypatch: pytest.MonkeyPatch, *works: Callable[[], object]) -> None:
    """Lets something happen between reading what stands and computing it: at each look the next."""
    left = list(works)

    def best(**asked: object) -> Best | None:
        if left:
            left.pop(0)()
        return best_of_team(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "best_of_team", best)


@pytest.fixture
def finish(cast: Cast, competition: Competition) -> Callable[[], object]:
    """Scores what a worker holds of the student, who stood by another one before."""
    judged(cast.student, competition, report_scored(0.5))
    submit(cast.student, competition)
    claim = claim_next()
    return lambda: evaluation_finish(claim=claim, report=report_scored(0.25))


@pytest.mark.django_db
def test_what_is_scored_meanwhile_is_no_difference(
    competition: Competition, finish: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before_looks(monkeypatch, finish)
    call_command("standings", "check")
    assert Standing.objects.get().scored_submissions == 2


@pytest.mark.django_db
def test_what_is_scored_meanwhile_is_not_rebuilt(
    competition: Competition, finish: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before_looks(monkeypatch, finish)
    assert standings_rebuild(competition=competition) == []
    assert LoggedAction.objects.get(action=Action.STANDINGS_REBUILD).after == {"differed": 0}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_scored_during_the_second_look(
    competition: Competition, finish: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    Standing.objects.update(primary_key=-1.0)

    def score() -> None:
        finish()
        connections.close_all()

    thread = Thread(target=score)

    def begin() -> None:
        thread.start()
        thread.join(1)

    before_looks(monkeypatch, lambda: None, begin)
    differences = standings_compare(competition=competition)
    thread.join(30)
    (difference,) = differences
    assert difference.stored is not None and difference.computed is not None
    assert difference.stored.primary_key == -1.0
    assert difference.computed.scored_submissions == 1
    assert Standing.objects.get().scored_submissions == 2
    assert standings_compare(competition=competition) == []
