"""Which workers are online, and what they can do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from server.competitions.models import Competition
from server.submissions.models import Evaluation, Worker
from server.submissions.selectors import (
    SILENCE,
    Capacity,
    capacity_of,
    queues_online,
    workers_online,
)
from server.submissions.services import evaluation_claim, worker_gone, workers_sweep
from tests.server.cast import Cast
from tests.server.judging import submit
from tests.server.submissions.gpu import online, silent

pytestmark = pytest.mark.django_db


def test_a_worker_is_online_while_it_writes_that_it_lives() -> None:
    worker = online("host:1", "cpu")
    at = worker.seen_at
    assert list(workers_online(at=at + SILENCE - timedelta(seconds=1))) == [worker]
    assert not workers_online(at=at + SILENCE)
    later = online("host:1", "cpu")
    assert later.pk == worker.pk
    assert workers_online(at=at + SILENCE).exists()


def test_one_that_ends_is_gone_at_once() -> None:
    online("host:1", "cpu")
    online("host:2", "cpu")
    worker_gone(name="host:1")
    assert [worker.name for worker in Worker.objects.all()] == ["host:2"]


def test_the_sweep_takes_the_silent_from_the_list(caplog: pytest.LogCaptureFixture) -> None:
    silent(online("host:1", "gpu"))
    online("host:2", "cpu")
    assert workers_sweep() == 1
    assert [worker.name for worker in Worker.objects.all()] == ["host:2"]
    assert "host:1" in caplog.text


def test_a_worker_that_was_only_away_comes_back() -> None:
    worker = online("host:1", "gpu")
    silent(worker)
    assert queues_online() == set()
    workers_sweep()
    online("host:1", "gpu")
    assert queues_online() == {"gpu"}


def test_capacity_counts_what_is_online_and_well(cast: Cast, competition: Competition) -> None:
    online("host:1", "gpu", slots=3, drained=["Xid 48"])
    online("host:2", "gpu")
    online("host:3", "cpu", slots=8)
    silent(online("host:4", "gpu", slots=5))
    assert capacity_of(queue="gpu") == Capacity(workers=2, slots=3, busy=0, unfit=1)
    submit(cast.student, competition)
    evaluation_claim(queue="cpu", worker="host:3/77")
    submit(cast.classmate, competition)
    evaluation_claim(queue="cpu", worker="host:4/78")
    busy = capacity_of(queue="cpu")
    assert (busy.slots, busy.busy, busy.free) == (8, 1, 7)


def test_names_that_begin_alike_are_not_mixed_up(cast: Cast, competition: Competition) -> None:
    online("host:1", "cpu")
    online("host:11", "cpu")
    submit(cast.student, competition)
    evaluation_claim(queue="cpu", worker="host:11/5")
    Evaluation.objects.get()
    assert capacity_of(queue="cpu", at=timezone.now()).busy == 1
    worker_gone(name="host:11")
    assert capacity_of(queue="cpu").busy == 0
