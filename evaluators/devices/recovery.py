"""Puts devices back into service that have come to work again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evaluators.devices.device import Device
from evaluators.devices.drained import Drained, drained_read, now
from evaluators.devices.probing import device_probe
from evaluators.devices.slots import device_hold, devices_drained
from evaluators.sandbox.base import Sandbox

PROBE_EVERY = timedelta(seconds=60)


def devices_recover(
    devices: Iterable[Device],
    sandbox: Sandbox,
    *,
    folder: Path | None = None,
    every: timedelta = PROBE_EVERY,
) -> tuple[Device, ...]:
    """Probes devices that are out of service, each no more often than every so long.

    Args:
        devices: those of this worker.
        sandbox: where the probe runs.
        folder: where the locks lie.
        every: pause between two probes of a device, by whatever process.

    Returns:
        Those that are back in service.

    Raises:
        InfrastructureError: locks can't be made.
    """
    waiting = devices_drained(devices, folder)
    return tuple(
        device
        for device, drained in waiting.items()
        if _due(drained, every) and _recover(device, sandbox, folder, every)
    )


def _recover(device: Device, sandbox: Sandbox, folder: Path | None, every: timedelta) -> bool:
    held = device_hold(device, folder)
    if held is None:
        return False
    try:
        drained = drained_read(held.state)
        if drained is None or not _due(drained, every):
            return False  # somebody else was quicker
        trouble = device_probe(device, sandbox)
        if trouble is None:
            held.restore()
            return True
        held.remember(replace(drained, probed=now(), trouble=trouble))
        return False
    finally:
        held.release()


def _due(drained: Drained, every: timedelta) -> bool:
    if not drained.probed:
        return True
    try:
        passed = datetime.now(UTC) - datetime.fromisoformat(drained.probed)
    except (ValueError, TypeError):
        return True
    # A clock that was set back must not keep a device out of service.
    return not timedelta(0) <= passed < every
