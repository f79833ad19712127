"""What bubblewrap shows of a device, and of devices at all.

A new /dev of a sandbox holds no accelerator; the nodes of the one that the job owns are bound into
it. The driver lets a program use exactly the GPUs whose nodes it can open, so another device, and
another slice of the same GPU, is out of reach whatever the program sets its variables to. The
system's libraries, of which the driver's own (libcuda) are some, are shown to every program.
"""

import os
import stat
from pathlib import Path

from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError

# What the driver tells to everybody: its parameters, and model, uuid and address of each GPU.
DRIVER_INFORMATION = Path("/proc/driver")


def device_binds(device: Device | None) -> list[str]:
    """Returns bubblewrap's arguments, to come after those that make /dev and /proc.

    Raises:
        InfrastructureError: a node of the device is missing.
    """
    if device is None:
        # CUDA asks for it and nothing else does.
        hidden = DRIVER_INFORMATION.is_dir()
        return ["--tmpfs", str(DRIVER_INFORMATION)] if hidden else []
    for node in device.nodes:
        _check(device, node)
    return [part for node in device.nodes for part in ("--dev-bind", node, node)]


def _check(device: Device, node: str) -> None:
    try:
        mode = os.stat(node).st_mode  # noqa: PTH116 a node, not a path to work with
    except OSError as error:
        raise InfrastructureError(
            f"the device {device.uuid} needs {node}, which is not there ({error.strerror}): "
            "`sudo nvidia-modprobe -c 0 -u` makes such files"
        ) from error
    if not stat.S_ISCHR(mode):
        raise InfrastructureError(
            f"the device {device.uuid} needs {node}, which is no character device"
        )
