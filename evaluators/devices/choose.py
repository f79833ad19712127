"""The devices that a worker is told to own."""

from evaluators.devices.device import Device
from evaluators.devices.nvml import Gpu, Machine, machine_examine
from evaluators.errors import InfrastructureError

AUTO = "auto"


def devices_parse(text: str) -> tuple[Device, ...]:
    """Reads `auto`, or uuids of GPUs and of MIG slices with commas between them.

    Raises:
        InfrastructureError: the machine has none, or not these; says which it has.
    """
    machine = machine_examine()
    if not machine.usable:
        raise InfrastructureError(
            f"this machine has no GPU to judge on: {_why_none(machine)}; `nvidia-smi -L` must list "
            "it first"
        )
    if text.strip() == AUTO:
        return machine.usable
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if not wanted:
        raise InfrastructureError(f"no device is named: write auto, or some of {_names(machine)}")
    for uuid in wanted:
        if wanted.count(uuid) > 1:
            raise InfrastructureError(f"the device {uuid} is named twice")
    return tuple(_find(machine, uuid) for uuid in wanted)


def _find(machine: Machine, uuid: str) -> Device:
    for device in machine.usable:
        if device.uuid == uuid:
            return device
    for gpu in machine.gpus:
        if gpu.device.uuid == uuid:
            # Its slices are what a job can get; the whole would be all of them at once.
            raise InfrastructureError(f"{uuid} is in MIG mode: name slices of it, {_slices(gpu)}")
    has = "; ".join(filter(None, (_names(machine), machine.reason)))
    raise InfrastructureError(f"this machine has no device {uuid!r}; it has {has}")


def _why_none(machine: Machine) -> str:
    if machine.gpus:
        return "all its GPUs are in MIG mode without a slice; make some by `nvidia-smi mig -cgi`"
    return machine.reason


def _slices(gpu: Gpu) -> str:
    if not gpu.slices:
        return "of which it has none; make some by `nvidia-smi mig -cgi`"
    return _listed(gpu.slices)


def _names(machine: Machine) -> str:
    return _listed(machine.usable)


def _listed(devices: tuple[Device, ...]) -> str:
    return ", ".join(f"{device.uuid} ({device.name})" for device in devices)
