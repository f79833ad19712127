"""What bubblewrap shows of a device, and of devices at all.

A new /dev of a sandbox holds no accelerator; the nodes of the one that the job owns are bound into
it. The driver lets a program use exactly the GPUs whose nodes it can open, so another device, and
another slice of the same GPU, is out of reach whatever the program sets its variables to. The
system's libraries, of which the driver's own (libcuda) are some, are shown to every program.
"""

import stat
from collections.abc import Sequence
from pathlib import Path

from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError

# What the driver tells to everybody: its parameters, and model, uuid and address of each GPU.
DRIVER_INFORMATION = Path("/proc/driver")
SYSTEM = Path("/sys")
# libcuda takes the driver for not loaded where it can't see its modules, and wants to know the
# machine's memory nodes; it needs nothing else of /sys, which tells much of the machine.
SYSTEM_FOLDERS = ("module/nvidia*", "devices/system/node")
# Debian's packages of the driver reach libcuda through links in here.
LIBRARY_LINKS = Path("/etc/alternatives")


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
    return [
        *_binds("--dev-bind", device.nodes),
        *_binds("--ro-bind", [str(folder) for folder in _driver_folders()]),
    ]


def _binds(kind: str, paths: Sequence[str]) -> list[str]:
    return [part for path in paths for part in (kind, path, path)]


def _driver_folders() -> list[Path]:
    found = [folder for pattern in SYSTEM_FOLDERS for folder in sorted(SYSTEM.glob(pattern))]
    return [folder for folder in (*found, LIBRARY_LINKS) if folder.is_dir()]


def _check(device: Device, node: str) -> None:
    try:
        mode = Path(node).stat().st_mode
    except OSError as error:
        raise InfrastructureError(
            f"the device {device.uuid} needs {node}, which is not there ({error.strerror}): "
            "`sudo nvidia-modprobe -c 0 -u` makes such files"
        ) from error
    if not stat.S_ISCHR(mode):
        raise InfrastructureError(
            f"the device {device.uuid} needs {node}, which is no character device"
        )
