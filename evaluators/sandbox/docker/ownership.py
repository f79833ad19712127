"""Whose a container or volume is, written on it in labels, and the end of those of dead workers.

A worker that is killed can't clean up. What it leaves is known by its labels: on the same machine
by a process that is gone, from anywhere by a time after which no session can be alive.
"""

import contextlib
import os
import time
from typing import Any

from docker.errors import APIError, NotFound

from evaluators.processes import process_space, process_started
from evaluators.sandbox.docker.engine import CONFLICT, Engine, engine_asked, reason

SANDBOX_LABEL = "org.springboard.sandbox"
SPACE_LABEL = "org.springboard.space"
PROCESS_LABEL = "org.springboard.process"
UNTIL_LABEL = "org.springboard.until"
# Beyond its time limit a session may live for as long as it takes to make and remove containers.
SPARE_SECONDS = 600


def labels(wall_seconds: int) -> dict[str, str]:
    """Labels for what a session of so many seconds makes."""
    return {
        SANDBOX_LABEL: "1",
        SPACE_LABEL: process_space(),
        PROCESS_LABEL: f"{os.getpid()}:{process_started(os.getpid())}",
        UNTIL_LABEL: str(int(time.time()) + wall_seconds + SPARE_SECONDS),
    }


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
            if is_leftover(container.get("Labels") or {}):
                with contextlib.suppress(APIError):
                    removed += container_remove(engine, container["Id"])
        for volume in engine.api.volumes(filters=own).get("Volumes") or []:
            if is_leftover(volume.get("Labels") or {}):
                with contextlib.suppress(APIError):
                    removed += volume_remove(engine, volume["Name"])
    return removed


def is_leftover(found: dict[str, Any]) -> bool:
    """Whether labels are those of a session that is over."""
    try:
        if time.time() > int(found[UNTIL_LABEL]):
            return True
        pid, started = map(int, found[PROCESS_LABEL].split(":"))
    except (KeyError, ValueError):
        return True
    # Process numbers mean something only where they were given.
    return found.get(SPACE_LABEL) == process_space() and process_started(pid) != started


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
