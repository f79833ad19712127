"""What Prometheus reads: well formed, and true."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from server.competitions.models import Competition
from server.leaderboards.sweeping import sweep_all
from server.submissions.models import Evaluation, Worker
from tests.server.cast import Cast
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit
from tests.server.submissions.gpu import online

Labels = frozenset[tuple[str, str]]


def scraped() -> dict[tuple[str, Labels], float]:
    """All samples by name and labels."""
    answer = Client().get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found, key
            found[key] = sample.value
    return found


def value(name: str, **labels: str) -> float:
    return scraped()[f"springboard_{name}", frozenset(labels.items())]


@pytest.fixture
def busy(cast: Cast, competition: Competition) -> Competition:
    judged(cast.student, competition, report_scored(0.5))
    judged(cast.student, competition, report_failed())
    submit(cast.student, competition)
    claim_next()
    for person in (cast.student, cast.classmate):
        submit(person, competition)
    online("test", "cpu", slots=3)
    Evaluation.objects.exclude(worker="").update(worker="test/7")
    online("gpu:1", "gpu", slots=2, drained=["Xid 79"])
    return competition


def test_it_is_well_formed(busy: Competition) -> None:
    text = Client().get("/metrics").content.decode()
    families = list(text_string_to_metric_families(text))
    assert len(families) > 15
    for family in families:
        assert family.name.startswith("springboard_"), family.name
        assert family.documentation.endswith("."), family.name
        assert family.type != "unknown", family.name
    assert not re.search(r"(?i)test/7|halves|student", text)


def test_it_says_the_same_as_the_tables(busy: Competition) -> None:
    assert value("queue_depth", queue="cpu", state="queued") == 2
    assert value("queue_depth", queue="cpu", state="running") == 1
    assert value("queue_depth", queue="gpu", state="queued") == 0
    assert value("queue_teams_ready", queue="cpu") == 1
    assert value("workers", queue="cpu") == 1
    assert (value("slots", queue="cpu"), value("slots_busy", queue="cpu")) == (3, 1)
    assert (value("slots", queue="gpu"), value("devices", queue="gpu")) == (1, 2)
    assert value("devices_drained", queue="gpu") == 1
    assert value("evaluations_total", queue="cpu", status="done", verdict="scored") == 1
    assert value("evaluations_total", queue="cpu", status="done", verdict="invalid_artifact") == 1
    assert value("evaluation_step_seconds_count", step="judged") == 1
    assert value("evaluation_step_seconds_sum", step="judged") == 1.0
    assert value("evaluation_step_seconds_bucket", step="judged", le="0.5") == 0
    assert value("evaluation_step_seconds_bucket", step="judged", le="1.0") == 1
    assert value("evaluation_wait_seconds_count") == 2
    assert value("database_bytes") > 10_000
    assert 0 < value("disk_free_bytes") < value("disk_bytes")


def test_ages_grow(busy: Competition) -> None:
    waiting = Evaluation.objects.filter(status="queued")
    waiting.update(queued_at=timezone.now() - timedelta(seconds=100))
    assert 100 <= value("queue_oldest_seconds", queue="cpu", state="queued") < 200


def test_what_is_stuck_is_counted(busy: Competition) -> None:
    assert value("stuck", kind="lease_over") == 0
    Evaluation.objects.filter(status="running").update(
        lease_until=timezone.now() - timedelta(minutes=5)
    )
    assert value("stuck", kind="lease_over") == 1


def test_a_worker_in_trouble_is_no_room(busy: Competition) -> None:
    Worker.objects.filter(queue="cpu").update(trouble="no sandbox works here")
    assert value("workers_in_trouble", queue="cpu") == 1
    assert value("slots", queue="cpu") == 0


def test_the_last_sweep_is_told_once_there_was_one(busy: Competition) -> None:
    name = ("springboard_sweep_age_seconds", frozenset[tuple[str, str]]())
    assert name not in scraped()
    sweep_all()
    assert 0 <= scraped()[name] < 60
    assert value("sweep_every_seconds") == settings.SWEEP_SECONDS


def test_histograms_only_grow(busy: Competition, cast: Cast) -> None:
    def buckets() -> Iterator[float]:
        found = scraped()
        bounds = sorted(
            (float(dict(labels)["le"]), number)
            for (name, labels), number in found.items()
            if name == "springboard_evaluation_wait_seconds_bucket"
        )
        yield from (number for _, number in bounds)

    before = list(buckets())
    assert before == sorted(before)
    judged(cast.classmate, busy, report_scored(0.5))
    assert all(now >= then for now, then in zip(buckets(), before, strict=True))
