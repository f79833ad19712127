"""A worker that the broker's messages don't reach any more."""

import os
import signal

import pytest

from server.competitions.models import Competition
from server.leaderboards import hearing
from server.leaderboards.hearing import SWEEPS, Hearing, is_deaf, ring_heard
from server.leaderboards.presence import WORKER
from server.submissions.services import evaluation_claim
from tests.server.cast import Cast
from tests.server.judging import submit
from tests.server.submissions.gpu import online

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals that the worker has sent itself."""
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append(number))
    monkeypatch.setattr(hearing, "_rings", bytearray(8))
    hearing._deaf.clear()
    return sent


def _sweeps(own: Hearing, number: int) -> None:
    for _ in range(number):
        own.look()


def test_a_worker_that_hears_no_ring_while_others_wait_begins_anew(
    cast: Cast, competition: Competition, ended: list[int]
) -> None:
    online(WORKER, "cpu")
    submit(cast.student, competition)
    own = Hearing("cpu")
    _sweeps(own, SWEEPS - 1)
    assert ended == []
    own.look()
    assert ended == [signal.SIGTERM]
    assert is_deaf()
    hearing.end_for_good()
    assert not is_deaf()


def test_one_that_hears_a_ring_now_and_then_goes_on(
    cast: Cast, competition: Competition, ended: list[int]
) -> None:
    online(WORKER, "cpu")
    submit(cast.student, competition)
    own = Hearing("cpu")
    for _ in range(3):
        _sweeps(own, SWEEPS - 1)
        ring_heard()
    assert ended == []


def test_one_for_which_nothing_waits_or_whose_slots_judge_goes_on(
    cast: Cast, competition: Competition, ended: list[int]
) -> None:
    own = Hearing("cpu")
    online(WORKER, "cpu")
    _sweeps(own, SWEEPS + 1)
    submit(cast.student, competition)
    evaluation_claim(queue="cpu", worker=f"{WORKER}/1")
    submit(cast.classmate, competition)
    _sweeps(own, SWEEPS + 1)
    assert ended == []
