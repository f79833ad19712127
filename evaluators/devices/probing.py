"""Tries a device the way a submission would use it."""

import json
from pathlib import Path

from evaluators.devices.device import Device
from evaluators.devices.nvml import DriverError, driver, physical
from evaluators.devices.watch import reset_needed
from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, SessionStopped
from evaluators.spec import Limits

PROBE = Path(__file__).resolve().parent / "probe"
PROBE_BYTES = 4096
LIMITS = Limits(wall_seconds=60, memory_mb=2048, artifact_mb=1)
LOG_CHARACTERS = 500


def device_probe(device: Device, sandbox: Sandbox) -> str | None:
    """Asks the driver, then lets a program use the device in a sandbox.

    Returns:
        What is wrong; None when it works.
    """
    try:
        with driver() as nvml:
            wanting = reset_needed(nvml, physical(nvml, device.uuid)[0])
    except DriverError as error:
        return str(error)
    return wanting or _program(device, sandbox)


def _program(device: Device, sandbox: Sandbox) -> str | None:
    spec = SandboxSpec(program=PROBE, limits=LIMITS, arguments=(device.uuid,), device=device)
    try:
        with sandbox.open(spec) as session:
            answer = json.loads(session.receive(PROBE_BYTES).payload)
            return str(answer["trouble"]) or None
    except SessionStopped as stopped:
        log = stopped.outcome.log.text.strip()[-LOG_CHARACTERS:]
        return f"the probe did not answer: {stopped}; {log}".rstrip("; ")
    except (InfrastructureError, ValueError, KeyError) as error:
        return f"the probe did not run: {error}"
