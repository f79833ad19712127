"""Whether the server can do its work: its database, broker, storage and workers."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from evaluators.spec import TaskSpec
from server.clock import database_now
from server.competitions.models import Competition, TaskVersion
from server.operations.watched import Found, Watched
from server.submissions.models import Queue, queue_of
from server.submissions.selectors import capacity_of
from server.submissions.storage import storage_try

BROKER_SECONDS = 2


class Part(StrEnum):
    """What the server needs."""

    DATABASE = "database"
    STORAGE = "storage"
    BROKER = "broker"
    WORKERS = "workers"


# Without these no page is shown and no submission taken. Without the others submissions are taken
# and wait: to send no requests here would help nobody.
NEEDED = frozenset({Part.DATABASE, Part.STORAGE})


class State(StrEnum):
    """How the server is, in one word."""

    READY = "ready"
    DEGRADED = "degraded"
    UNREADY = "unready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found of each part."""

    parts: Mapping[Part, Found]

    @property
    def state(self) -> State:
        """How the server is."""
        bad = {part for part, found in self.parts.items() if not found.ok}
        if bad & NEEDED:
            return State.UNREADY
        return State.DEGRADED if bad else State.READY


def readiness() -> Readiness:
    """Looks at all parts, within seconds even if some of them hang."""
    return Readiness({part: watched.found() for part, watched in WATCHED.items()})


def database_look() -> Found:
    """Asks the database which migrations it has."""
    missing = _newest_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        return Found(False, "its tables are not up to date: run `manage.py migrate`")
    return Found(True, f"{connection.vendor} answers and is up to date")


def storage_look() -> Found:
    """Writes a small file into the storage, reads it and removes it."""
    storage_try()
    return Found(True, f"{settings.STORAGE_URL} can be written and read")


def broker_look() -> Found:
    """Connects to the broker."""
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        return Found(True, f"{broker.transport.driver_name} can be reached")


def workers_look() -> Found:
    """Looks whether some worker can judge for each queue that a competition needs."""
    now = database_now()
    missing = []
    for queue in sorted(_queues_needed()):
        capacity = capacity_of(queue=queue, at=now)
        if not capacity.workers:
            missing.append(f"no worker is online for the queue {queue}")
        elif not capacity.slots:
            missing.append(f"all workers of the queue {queue} are out of order")
    if missing:
        return Found(False, f"{'; '.join(missing)}: see `manage.py workers`")
    return Found(True, "some are online for all that is open")


def _queues_needed() -> set[Queue]:
    """The queues of competitions that are not over."""
    open_ones = Competition.objects.filter(closes_at__gt=database_now()).values("task_version")
    specs = TaskVersion.objects.filter(pk__in=open_ones).values_list("spec", flat=True)
    return {queue_of(TaskSpec.model_validate(spec)) for spec in specs}


@functools.cache
def _newest_migrations() -> set[tuple[str, str]]:
    """The last migrations of each app that this code has."""
    return set(MigrationLoader(None).graph.leaf_nodes())


WATCHED: Mapping[Part, Watched] = {
    Part.DATABASE: Watched(database_look, keep_seconds=2, patience_seconds=3),
    Part.STORAGE: Watched(storage_look, keep_seconds=10, patience_seconds=5),
    Part.BROKER: Watched(broker_look, keep_seconds=5, patience_seconds=5),
    Part.WORKERS: Watched(workers_look, keep_seconds=5, patience_seconds=3),
}
