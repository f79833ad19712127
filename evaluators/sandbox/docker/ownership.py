"""Whose a container or volume is, written on it in labels, and the end of those of dead workers.

A worker that is killed can't clean up. What it leaves is known by its labels: in the same process
space by a process that is gone; from another one, of a worker that is itself a container of the
same engine, by that container's end; from anywhere by a time after which no session can be alive;
and on a device by whoever holds that device now.
"""

import contextlib
import os
import re
import socket
import time
from typing import Any

from docker.errors import APIError, NotFound

from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError
from evaluators.processes import process_space, process_started
from evaluators.sandbox.docker.engine import CONFLICT, Engine, engine_asked, reason

SANDBOX_LABEL = "org.springboard.sandbox"
SPACE_LABEL = "org.springboard.space"
PROCESS_LABEL = "org.springboard.process"
HOME_LABEL = "org.springboard.home"
UNTIL_LABEL = "org.springboard.until"
DEVICE_LABEL = "org.springboard.device"
# Beyond its time limit a session may live for as long as it takes to make and remove containers.
SPARE_SECONDS = 600
# How long the engine may take to remove what is on a device, and how often it is asked.
CLEAR_SECONDS = 30
CLEAR_AGAIN_SECONDS = 0.2


def labels(wall_seconds: int, home: str = "") -> dict[str, str]:
    """Labels for what a session of so many seconds makes, of a worker with such a `worker_home`."""
    return {
        SANDBOX_LABEL: "1",
        SPACE_LABEL: process_space(),
        PROCESS_LABEL: f"{os.getpid()}:{process_started(os.getpid())}",
        HOME_LABEL: home,
        UNTIL_LABEL: str(int(time.time()) + wall_seconds + SPARE_SECONDS),
    }


def worker_home(engine: Engine) -> str:
    """Which container of the engine this process runs in, and since when; empty if in none.

    Raises:
        InfrastructureError: the engine does not answer.
    """
    # A container is called by the beginning of its id, unless somebody gave it a name.
    name = socket.gethostname()
    if not re.fullmatch("[0-9a-f]{12}", name):
        return ""
    with engine_asked("say in which container this worker runs"):
        return running(engine, name)


def running(engine: Engine, container: str) -> str:
    """A container's whole id and when it was started; empty if it is gone or does not run."""
    try:
        found = engine.api.inspect_container(container)
    except NotFound:
        return ""
    # The engine takes another's name, too, for what was asked.
    if not found["Id"].startswith(container) or not found["State"]["Running"]:
        return ""
    return f"{found['Id']}:{found['State']['StartedAt']}"


def leftovers_remove(engine: Engine) -> int:
    """Removes containers and volumes whose worker is gone, and returns how many.

    What the engine does not remove keeps nobody from work: another worker may be at it, and the
    next sweep tries again.

    Raises:
        InfrastructureError: the engine does not answer.
    """
    own = {"label": f"{SANDBOX_LABEL}=1"}
    removed = 0
    with engine_asked("say what dead workers left in it"):
        for container in engine.api.containers(all=True, filters=own):
            if is_leftover(engine, container.get("Labels") or {}):
                with contextlib.suppress(APIError):
                    removed += container_remove(engine, container["Id"])
        for volume in engine.api.volumes(filters=own).get("Volumes") or []:
            if is_leftover(engine, volume.get("Labels") or {}):
                with contextlib.suppress(APIError):
                    removed += volume_remove(engine, volume["Name"])
    return removed


def device_labels(device: Device | None) -> dict[str, str]:
    """Labels for the container that gets a device."""
    return {} if device is None else {DEVICE_LABEL: device.uuid}


def device_clear(engine: Engine, device: Device) -> None:
    """Removes every container that has a device, before the next one gets it.

    Only for who holds the device's lock (`evaluators.devices.slots`) and has no session on it. All
    workers that share an engine and a device must share the folder of the locks, too
    (`SPRINGBOARD_DEVICE_LOCKS`; `docker/compose.gpu.yaml` mounts one): what a living worker runs on
    a device that it holds by a lock elsewhere would be removed as well.

    Raises:
        InfrastructureError: the engine does not answer, or does not remove one.
    """
    own = {"label": [f"{SANDBOX_LABEL}=1", f"{DEVICE_LABEL}={device.uuid}"]}
    until = time.monotonic() + CLEAR_SECONDS
    with engine_asked(f"free the device {device.uuid} of what a dead worker left on it"):
        # The lock is exclusive on this machine, the kernel drops it when its holder dies, and we
        # hold it: so whatever is on the device is of somebody dead, whose process can't be seen
        # where it had a process space of its own; or of ourselves, where removing it failed.
        while left := engine.api.containers(all=True, filters=own):
            if time.monotonic() > until:
                raise InfrastructureError(
                    f"the device {device.uuid} is not free: the Docker engine does not remove "
                    f"the container {left[0]['Id'][:12]} that a dead worker left on it"
                )
            for container in left:
                container_remove(engine, container["Id"])
            # Gone is what the engine lists no more: another's sweep may still be killing it.
            time.sleep(CLEAR_AGAIN_SECONDS)


def is_leftover(engine: Engine, found: dict[str, Any]) -> bool:
    """Whether labels are those of a session that is over; raises as the engine's client does."""
    try:
        if time.time() > int(found[UNTIL_LABEL]):
            return True
        pid, started = map(int, found[PROCESS_LABEL].split(":"))
    except (KeyError, ValueError):
        return True
    # Process numbers mean something only where they were given.
    if found.get(SPACE_LABEL) == process_space():
        return process_started(pid) != started
    # With a container, all its processes end. One that was started again is another.
    home = str(found.get(HOME_LABEL) or "")
    return bool(home) and running(engine, home.partition(":")[0]) != home


def container_remove(engine: Engine, container: str) -> bool:
    """Kills and removes a container; whether it was there."""
    try:
        engine.api.remove_container(container, force=True, v=False)
    except NotFound:
        return False
    except APIError as error:
        # Another worker is at it.
        if error.status_code == CONFLICT and "already in progress" in reason(error):
            return False
        raise
    return True


def volume_remove(engine: Engine, name: str) -> bool:
    """Removes a volume; whether it was there."""
    try:
        engine.api.remove_volume(name)
    except NotFound:
        return False
    return True
