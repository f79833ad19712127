"""What a judged submission may have left in the Docker engine, where there is one."""

import functools
import os
from collections.abc import Iterator
from typing import Any

from evaluators.errors import InfrastructureError
from evaluators.sandbox.docker.engine import Engine, engine_connect
from evaluators.sandbox.docker.ownership import PROCESS_LABEL, SANDBOX_LABEL


def engine_remains() -> Iterator[str]:
    """Containers and volumes of this process, as lines that name them."""
    engine = _engine()
    if engine is None:
        return
    own = {"label": f"{SANDBOX_LABEL}=1"}
    for container in engine.api.containers(all=True, filters=own):
        if _is_ours(container):
            yield f"container {container['Id'][:12]} {container['State']}"
    for volume in engine.api.volumes(filters=own).get("Volumes") or []:
        if _is_ours(volume):
            yield f"volume {volume['Name']}"


def _is_ours(found: dict[str, Any]) -> bool:
    return str((found.get("Labels") or {}).get(PROCESS_LABEL)).startswith(f"{os.getpid()}:")


@functools.cache
def _engine() -> Engine | None:
    """Asked once, so that its connection is there before anything is compared."""
    try:
        return engine_connect()
    except InfrastructureError:
        return None
