"""The metrics, in Prometheus' text format, computed from the database when they are asked for.

So they are the same from whichever web process they come, and need no worker to be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.conf import settings
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from evaluators.evaluate import START
from server.clock import database_now
from server.leaderboards.swept import sweep_last
from server.operations.disk import disk_of
from server.operations.queue_state import queue_depths
from server.operations.readiness import readiness
from server.operations.stuck import Kind, stuck_find
from server.operations.tally import BUCKETS, WAITED, Spread, tally_now
from server.submissions.models import ACTIVE, Queue
from server.submissions.selectors import queues_waiting, workers_shown


def metrics_text() -> bytes:
    """Returns all metrics as they are now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_All())
    return generate_latest(registry)


@dataclass(frozen=True, slots=True)
class _All(Collector):
    def collect(self) -> Iterator[Metric]:
        now = database_now()
        yield from _queues(now)
        yield from _workers(now)
        yield from _ended()
        yield from _parts(now)

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: a registry would compute all to know their names."""
        return iter(())


def _queues(now: datetime) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "springboard_queue_depth", "Evaluations that have not ended.", labels=["queue", "state"]
    )
    age = GaugeMetricFamily(
        "springboard_queue_oldest_seconds",
        "How long the oldest of them is in the queue.",
        labels=["queue", "state"],
    )
    found = {(one.queue, one.status): one for one in queue_depths()}
    for queue in Queue:
        for state in ACTIVE:
            one = found.get((queue.value, state.value))
            labels = [queue.value, state.value]
            depth.add_metric(labels, one.number if one else 0)
            age.add_metric(labels, max(0.0, (now - one.oldest).total_seconds()) if one else 0)
    ready = GaugeMetricFamily(
        "springboard_queue_teams_ready",
        "Teams of which an evaluation could be judged now, if a slot were free.",
        labels=["queue"],
    )
    waiting = queues_waiting(at=now)
    for queue in Queue:
        ready.add_metric([queue.value], waiting.get(queue.value, 0))
    stuck = GaugeMetricFamily(
        "springboard_stuck", "Evaluations that neither move nor will: must be 0.", labels=["kind"]
    )
    kinds = [one.kind for one in stuck_find(at=now)]
    for kind in Kind:
        stuck.add_metric([kind.name.lower()], kinds.count(kind))
    yield from (depth, age, ready, stuck)


def _workers(now: datetime) -> Iterator[Metric]:
    shown = workers_shown(at=now)
    texts = {
        "workers": "Workers that are online.",
        "workers_in_trouble": "Workers that are online but can judge nothing.",
        "slots": "Evaluations that workers could judge at once now.",
        "slots_busy": "Evaluations that they judge.",
        "devices": "GPUs of the workers that are online.",
        "devices_drained": "Those of them that are out of service.",
    }
    families = {
        name: GaugeMetricFamily(f"springboard_{name}", text, labels=["queue"])
        for name, text in texts.items()
    }
    for queue in Queue:
        own = [one for one in shown if one.worker.queue == queue]
        devices = [device for one in own for device in one.worker.devices]
        values = {
            "workers": len(own),
            "workers_in_trouble": sum(bool(one.worker.trouble) for one in own),
            "slots": sum(one.worker.slots_well for one in own),
            "slots_busy": sum(one.busy for one in own),
            "devices": len(devices),
            "devices_drained": sum(bool(device["drained"]) for device in devices),
        }
        for name, value in values.items():
            families[name].add_metric([queue.value], value)
    yield from families.values()


def _ended() -> Iterator[Metric]:
    tally = tally_now()
    ended = CounterMetricFamily(
        "springboard_evaluations",
        "Evaluations that have ended; a verdict of none is a fault of ours or of the task.",
        labels=["queue", "status", "verdict"],
    )
    for (queue, status, verdict), number in sorted(tally.ended.items()):
        ended.add_metric([queue, status, verdict or "none"], number)
    retried = CounterMetricFamily(
        "springboard_evaluation_retries",
        "Attempts beyond the first of evaluations that have ended.",
        labels=["queue"],
    )
    failed = CounterMetricFamily(
        "springboard_evaluation_failures",
        "Attempts of evaluations that have ended which failed by our fault.",
        labels=["queue"],
    )
    for queue in Queue:
        retried.add_metric([queue.value], tally.retried.get(queue.value, 0))
        failed.add_metric([queue.value], tally.failed.get(queue.value, 0))
    waited = HistogramMetricFamily(
        "springboard_evaluation_wait_seconds", "From the queue to the last attempt's start."
    )
    _spread(waited, [], tally.steps.get(WAITED, Spread()))
    steps = HistogramMetricFamily(
        "springboard_evaluation_step_seconds", "How long a step of judging took.", labels=["step"]
    )
    starts = HistogramMetricFamily(
        "springboard_sandbox_start_seconds",
        "From opening a sandbox until the program in it says hello.",
        labels=["stage"],
    )
    for step, spread in sorted(tally.steps.items()):
        if step.endswith(START):
            _spread(starts, [step.removesuffix(START)], spread)
        elif step != WAITED:
            _spread(steps, [step], spread)
    yield from (ended, retried, failed, waited, steps, starts)


def _spread(family: HistogramMetricFamily, labels: list[str], spread: Spread) -> None:
    bounds = [*(str(bound) for bound in BUCKETS), "+Inf"]
    counts = accumulate(spread.counts)
    family.add_metric(labels, list(zip(bounds, counts, strict=True)), spread.total)


def _parts(now: datetime) -> Iterator[Metric]:
    well = GaugeMetricFamily(
        "springboard_part_ok", "Whether a part that the server needs is well.", labels=["part"]
    )
    for part, found in readiness().parts.items():
        well.add_metric([part.value], found.ok)
    yield well
    last = sweep_last()
    if last is not None:
        yield GaugeMetricFamily(
            "springboard_sweep_age_seconds",
            "How long ago the last sweep ended; absent where none is known.",
            value=max(0.0, (now - last.at).total_seconds()),
        )
    yield GaugeMetricFamily(
        "springboard_sweep_every_seconds", "How often a sweep is due.", value=settings.SWEEP_SECONDS
    )
    disk = disk_of()
    yield GaugeMetricFamily(
        "springboard_disk_free_bytes", "Free where uploads are received.", value=disk.free
    )
    yield GaugeMetricFamily(
        "springboard_disk_bytes", "Size of the disk where uploads are received.", value=disk.size
    )
    yield GaugeMetricFamily(
        "springboard_database_bytes", "Size of the database.", value=disk.database
    )
