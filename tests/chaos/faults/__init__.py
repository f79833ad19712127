"""The table of all faults."""

from tests.chaos.fault import Fault
from tests.chaos.faults import (
    broker,
    cancel,
    clock,
    database,
    deploy,
    disk,
    sandbox,
    sweep,
    web,
    worker,
)

FAULTS: tuple[Fault, ...] = (
    *worker.FAULTS,
    *sandbox.FAULTS,
    *cancel.FAULTS,
    *broker.FAULTS,
    *web.FAULTS,
    *database.FAULTS,
    *clock.FAULTS,
    *disk.FAULTS,
    *sweep.FAULTS,
    *deploy.FAULTS,
)

assert len({fault.title for fault in FAULTS}) == len(FAULTS), "two faults share a name"
