"""Which process of this machine holds which device.

A device is held by a lock on a file, which the kernel drops when the process dies; workers of one
machine, and the processes of one worker, so never give two jobs the same device.
"""

import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluators.devices.device import Device
from evaluators.devices.drained import Drained, drained_read, drained_write, now
from evaluators.devices.watch import DeviceWatch
from evaluators.errors import InfrastructureError
from evaluators.locks import lock_release, lock_take

FOLDER_VARIABLE = "SPRINGBOARD_DEVICE_LOCKS"


@dataclass(frozen=True, slots=True)
class HeldDevice:
    """A device that only this process may use.

    Attributes:
        device: the device.
        state: the file that says that it is out of service, while it is.
        lock: descriptor that holds it.
    """

    device: Device
    state: Path
    lock: int

    def watch(self) -> DeviceWatch:
        """Watches it while the block runs."""
        return DeviceWatch(self.device.uuid)

    def drain(self, reason: str, xids: tuple[int, ...] = ()) -> None:
        """Takes it out of service: nobody gets it until a probe has passed.

        Raises:
            InfrastructureError: that can't be written down.
        """
        self.remember(Drained(since=now(), reason=reason, xids=xids))

    def remember(self, drained: Drained) -> None:
        """Writes down why it is out of service."""
        try:
            drained_write(self.state, drained)
        except OSError as error:
            raise InfrastructureError(f"{self.state} can't be written: {error}") from error

    @property
    def is_drained(self) -> bool:
        """Whether it is out of service."""
        return drained_read(self.state) is not None

    def restore(self) -> None:
        """Puts it back into service.

        Raises:
            InfrastructureError: that can't be written down.
        """
        try:
            self.state.unlink(missing_ok=True)
        except OSError as error:
            raise InfrastructureError(f"{self.state} can't be removed: {error}") from error

    def release(self) -> None:
        """Gives it back."""
        lock_release(self.lock)


def device_take(devices: Iterable[Device], folder: Path | None = None) -> HeldDevice | None:
    """Takes a device that is free and in service.

    Args:
        devices: those of this worker.
        folder: where the locks lie; by default the one that all workers of a machine share.

    Returns:
        The device; None when all are held or out of service.

    Raises:
        InfrastructureError: locks can't be made.
    """
    for device in devices:
        held = device_hold(device, folder)
        if held is None:
            continue
        # Read under the lock: who drains a device holds it.
        if not held.is_drained:
            return held
        held.release()
    return None


def device_hold(device: Device, folder: Path | None = None) -> HeldDevice | None:
    """Takes one device, in service or not; None when somebody else holds it.

    Raises:
        InfrastructureError: locks can't be made.
    """
    folder = folder or locks_folder()
    try:
        lock = lock_take(folder / f"{_file_name(device)}.lock")
    except OSError as error:
        raise InfrastructureError(f"devices can't be locked under {folder}: {error}") from error
    return None if lock is None else HeldDevice(device, device_state(device, folder), lock)


def devices_drained(devices: Iterable[Device], folder: Path | None = None) -> dict[Device, Drained]:
    """Says which devices are out of service, and why."""
    folder = folder or locks_folder()
    states = {device: drained_read(device_state(device, folder)) for device in devices}
    return {device: state for device, state in states.items() if state is not None}


def device_state(device: Device, folder: Path) -> Path:
    """The file that says that a device is out of service."""
    return folder / f"{_file_name(device)}.drained.json"


def locks_folder() -> Path:
    """Returns the folder that this user's workers share on this machine, and makes it.

    Raises:
        InfrastructureError: it can't be made, or belongs to somebody else.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        folder = Path(named)
    elif os.geteuid() == 0:
        folder = Path("/run/springboard-devices")
    else:
        folder = Path(tempfile.gettempdir()) / f"springboard-devices-{os.geteuid()}"
    try:
        folder.mkdir(mode=0o700, parents=bool(named), exist_ok=True)
        owner = folder.lstat().st_uid
    except OSError as error:
        raise InfrastructureError(
            f"{folder} can't be made for the devices' locks: {error}; set {FOLDER_VARIABLE}"
        ) from error
    # Anybody may make a folder of this name in /tmp before us, and then hold all the locks.
    if owner != os.geteuid() or folder.is_symlink():
        raise InfrastructureError(
            f"{folder} belongs to somebody else: remove it, or set {FOLDER_VARIABLE}"
        )
    return folder


def _file_name(device: Device) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "_", device.uuid)
