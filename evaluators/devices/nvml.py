"""The accelerators that NVIDIA's driver knows, asked through its management library (NVML)."""

import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.devices.device import Device

DEVICE_FILES = Path("/dev")
CAPABILITIES = Path("/proc/driver/nvidia/capabilities")
# What every program needs beside its own GPU, and what only profilers need, if it is there.
SHARED_NODES = ("nvidiactl", "nvidia-uvm")
OPTIONAL_NODES = ("nvidia-uvm-tools",)


class DriverError(Exception):
    """The driver is missing, or does not do what it is asked; says why."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU of this machine.

    Attributes:
        device: the whole of it.
        sliced: whether it is in MIG mode: then only its slices can be used.
        slices: its MIG slices.
    """

    device: Device
    sliced: bool
    slices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has.

    Attributes:
        gpus: in the driver's order.
        reason: why there are none, or not all.
    """

    gpus: tuple[Gpu, ...]
    reason: str = ""

    @property
    def usable(self) -> tuple[Device, ...]:
        """All that a worker can own: whole GPUs, and slices of those in MIG mode."""
        parts = [gpu.slices if gpu.sliced else (gpu.device,) for gpu in self.gpus]
        return tuple(device for part in parts for device in part)


def machine_examine() -> Machine:
    """Lists the GPUs of this machine and their slices."""
    gpus, reasons = [], []
    try:
        with driver() as nvml:
            for number in range(nvml.nvmlDeviceGetCount()):
                # One that is broken must not keep the others from work.
                try:
                    gpus.append(_gpu(nvml, nvml.nvmlDeviceGetHandleByIndex(number)))
                except nvml.NVMLError as error:
                    reasons.append(f"GPU {number} can't be used: {error}")
    except DriverError as error:
        reasons.append(str(error))
    if not gpus and not reasons:
        reasons.append("the driver finds no GPU")
    return Machine(tuple(gpus), "; ".join(reasons))


@contextmanager
def driver() -> Iterator[Any]:
    """Opens the driver, for the time of the block only: a broken one is noticed by the next.

    Yields:
        NVIDIA's binding.

    Raises:
        DriverError: there is no driver, or a call in the block failed.
    """
    try:
        import pynvml
    except ImportError as error:
        raise DriverError("the package nvidia-ml-py is missing") from error
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        raise DriverError(f"NVIDIA's driver can't be asked: {error}") from error
    try:
        yield pynvml
    except pynvml.NVMLError as error:
        raise DriverError(f"NVIDIA's driver says: {error}") from error
    finally:
        with contextlib.suppress(pynvml.NVMLError):
            pynvml.nvmlShutdown()


def physical(nvml: Any, uuid: str) -> tuple[Any, tuple[int, int] | None]:
    """Finds the GPU that a device is or is a slice of.

    Returns:
        Its handle, and for a slice its GPU instance and compute instance.
    """
    handle = nvml.nvmlDeviceGetHandleByUUID(uuid)
    if not uuid.startswith("MIG-"):
        return handle, None
    instance = (
        nvml.nvmlDeviceGetGpuInstanceId(handle),
        nvml.nvmlDeviceGetComputeInstanceId(handle),
    )
    return nvml.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle), instance


def _gpu(nvml: Any, handle: Any) -> Gpu:
    minor = nvml.nvmlDeviceGetMinorNumber(handle)
    nodes = _nodes(minor)
    sliced = False
    with contextlib.suppress(nvml.NVMLError_NotSupported):
        sliced = nvml.nvmlDeviceGetMigMode(handle)[0] == nvml.NVML_DEVICE_MIG_ENABLE
    slices = tuple(_slices(nvml, handle, minor)) if sliced else ()
    return Gpu(_device(nvml, handle, nodes), sliced, slices)


def _slices(nvml: Any, handle: Any, minor: int) -> Iterator[Device]:
    for number in range(nvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        try:
            part = nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, number)
        except nvml.NVMLError_NotFound:
            continue
        gpu_instance = nvml.nvmlDeviceGetGpuInstanceId(part)
        instance = CAPABILITIES / f"gpu{minor}" / "mig" / f"gi{gpu_instance}"
        compute_instance = nvml.nvmlDeviceGetComputeInstanceId(part)
        rights = (instance, instance / f"ci{compute_instance}")
        nodes = _nodes(minor) + tuple(_capability_node(folder / "access") for folder in rights)
        yield _device(nvml, part, nodes)


def _device(nvml: Any, handle: Any, nodes: tuple[str, ...]) -> Device:
    return Device(
        uuid=nvml.nvmlDeviceGetUUID(handle),
        name=nvml.nvmlDeviceGetName(handle),
        memory_mb=nvml.nvmlDeviceGetMemoryInfo(handle).total >> 20,
        nodes=nodes,
    )


def _nodes(minor: int) -> tuple[str, ...]:
    optional = [name for name in OPTIONAL_NODES if (DEVICE_FILES / name).exists()]
    names = [f"nvidia{minor}", *SHARED_NODES, *optional]
    return tuple(str(DEVICE_FILES / name) for name in names)


def _capability_node(access: Path) -> str:
    """The device file that a right to a MIG instance is held by."""
    found = None
    with contextlib.suppress(OSError):
        found = re.search(r"^DeviceFileMinor:\s*(\d+)$", access.read_text(), re.MULTILINE)
    if found is None:
        # A worker in a container may not see it. Docker asks for a slice by its uuid; a sandbox
        # that needs the node refuses this one and so says what is missing.
        return str(access)
    return str(DEVICE_FILES / "nvidia-caps" / f"nvidia-cap{found[1]}")
