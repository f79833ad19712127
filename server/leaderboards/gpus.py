"""The GPUs that this worker owns: which, how they are, and how they come back into service."""

import functools
import logging
import os
from collections.abc import Sequence

from django.conf import settings

from evaluators.devices.choose import devices_parse
from evaluators.devices.device import Device
from evaluators.devices.drained import Drained
from evaluators.devices.recovery import devices_recover
from evaluators.devices.slots import devices_drained
from evaluators.errors import InfrastructureError
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.base import Sandbox
from server.submissions.services import WorkerDevice

DEVICES_VARIABLE = "SPRINGBOARD_DEVICES"
GVISOR, RUNC = "docker+runsc", "docker+runc"

logger = logging.getLogger(__name__)


@functools.cache
def worker_devices() -> tuple[Device, ...]:
    """The devices of this worker, one a slot.

    Looked for once: the processes of its pool are forked later, and must not do without all of
    them when one has died.

    Raises:
        InfrastructureError: none are named, or this machine has not those.
    """
    named = os.environ.get(DEVICES_VARIABLE, "")
    if not named:
        raise InfrastructureError(
            f"a GPU worker needs devices: start it with manage.py worker, or set {DEVICES_VARIABLE}"
        )
    return devices_parse(named)


def devices_state() -> Sequence[WorkerDevice]:
    """How the worker's devices are.

    Raises:
        InfrastructureError: what is known of them can't be read.
    """
    drained = devices_drained(worker_devices())
    return [
        WorkerDevice(device.uuid, device.name, device.memory_mb, _why(drained.get(device)))
        for device in worker_devices()
    ]


def gpu_sandbox() -> Sandbox:
    """Returns a sandbox whose programs can see a device.

    Raises:
        InfrastructureError: none works here, or the one that is asked for can't show a device.
    """
    box = sandbox_select(settings.SANDBOX)
    if box.name != GVISOR:
        return box
    if settings.SANDBOX == GVISOR:
        raise InfrastructureError(
            f"{GVISOR} shows programs no GPU: set SPRINGBOARD_SANDBOX to {RUNC} for GPU workers"
        )
    return sandbox_select(RUNC)


def devices_mend(box: Sandbox) -> int:
    """Tries the worker's drained devices again, each once a minute at most.

    Only the processes of the pool do: a lock that the main one held would be inherited by those
    that it forks, and never be free again.

    Returns:
        How many are back in service.

    Raises:
        InfrastructureError: they can't be locked.
    """
    mended = devices_recover(worker_devices(), box)
    for device in mended:
        logger.warning("The device %s is well again and back in service", device.uuid)
    return len(mended)


def _why(drained: Drained | None) -> str:
    if drained is None:
        return ""
    tried = f"; tried again {drained.probed}: {drained.trouble}" if drained.probed else ""
    return f"{drained.reason} (since {drained.since}{tried})"
