"""The table of all faults."""

from tests.chaos.fault import Fault
from tests.chaos.faults import worker

FAULTS: tuple[Fault, ...] = (*worker.FAULTS,)

assert len({fault.title for fault in FAULTS}) == len(FAULTS), "two faults share a name"
