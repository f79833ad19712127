"""What the doctor finds of this machine's GPUs, and of the workers that are online."""

from collections.abc import Iterator

from evaluators.devices.device import Device
from evaluators.devices.drained import Drained
from evaluators.devices.nvml import machine_examine
from evaluators.devices.probing import device_probe
from evaluators.devices.slots import device_hold, devices_drained
from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox
from evaluators.sandbox.doctor import Finding
from server.leaderboards.gpus import gpu_sandbox
from server.submissions.models import Queue
from server.submissions.selectors import capacity_of


def gpus_examine() -> Iterator[Finding]:
    """Lets a program use each GPU in a sandbox; a machine without any is well, too."""
    machine = machine_examine()
    if not machine.usable:
        yield Finding("GPUs", True, f"none, only CPU tasks can be judged here: {machine.reason}")
        return
    if machine.reason:
        yield Finding("GPUs", False, f"not all can be used: {machine.reason}", needed=False)
    try:
        box = gpu_sandbox()
        drained = devices_drained(machine.usable)
        for device in machine.usable:
            yield _device(device, box, drained.get(device))
    except InfrastructureError as error:
        yield Finding("GPUs", False, str(error), needed=False)


def workers_examine() -> Finding:
    """Counts the workers that are online."""
    cpus, gpus = (capacity_of(queue=queue) for queue in (Queue.CPU, Queue.GPU))
    if not cpus.workers and not gpus.workers:
        return Finding("workers", False, "none is online: `make worker` starts one", needed=False)
    detail = (
        f"online: {cpus.workers} for CPU tasks with {cpus.slots} slots, "
        f"{gpus.workers} for GPU tasks with {gpus.slots} devices"
    )
    unfit = cpus.unfit + gpus.unfit
    if unfit:
        detail += f"; {unfit} more are out of order, see `manage.py workers`"
    return Finding("workers", not unfit, detail, needed=False)


def _device(device: Device, box: Sandbox, drained: Drained | None) -> Finding:
    name = f"{device.uuid}, {device.name}, {device.memory_mb} MB"
    if drained is not None:
        return Finding("GPU", False, f"{name}: drained, {drained.reason}", needed=False)
    held = device_hold(device)
    if held is None:
        return Finding("GPU", True, f"{name}: a worker uses it now")
    try:
        trouble = device_probe(device, box)
    finally:
        held.release()
    if trouble is not None:
        return Finding("GPU", False, f"{name}: {trouble}", needed=False)
    return Finding("GPU", True, f"{name}: a program in the {box.name} sandbox could use it")
