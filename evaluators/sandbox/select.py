"""Chooses a backend."""

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder


def sandbox_select(name: str = "auto") -> Sandbox:
    """Returns the best backend that works on this machine, or the one that is asked for.

    Args:
        name: "auto" or "bubblewrap".

    Raises:
        InfrastructureError: none works; one sentence says what to do. There is no way to run
            without a sandbox.
    """
    if name not in ("auto", "bubblewrap"):
        raise InfrastructureError(f"there is no sandbox {name!r}; choose auto or bubblewrap")
    try:
        # Here, not above: the interface is imported on systems that have no such backend.
        from evaluators.sandbox.bubblewrap import Bubblewrap
        from evaluators.sandbox.trial import trial
    except ImportError as error:
        raise InfrastructureError(
            "sandboxes need Linux; use a Linux machine or container"
        ) from error
    sandbox = Bubblewrap(runtime_find(runtime_folder()))
    trial(sandbox)
    return sandbox
