"""Chooses a backend."""

import os

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder

IMAGE_VARIABLE = "SPRINGBOARD_IMAGE"
# Names of backends, and the runtime of those that have one.
DOCKER = {"docker": None, "docker+runc": "runc", "docker+runsc": "runsc"}
NAMES = ("auto", "bubblewrap", *DOCKER)


def sandbox_select(name: str = "auto", *, image: str | None = None) -> Sandbox:
    """Returns the backend that is asked for, once it has run a program on this machine.

    Args:
        name: "bubblewrap", "docker" (under the stronger runtime that the engine has),
            "docker+runc", "docker+runsc", or "auto": Docker where `SPRINGBOARD_IMAGE` names a
            runtime image, and bubblewrap elsewhere. Whoever named an image wants its packages, so
            auto does not go back to bubblewrap when the engine fails.
        image: the runtime image; None for the one that `SPRINGBOARD_IMAGE` names.

    Raises:
        InfrastructureError: it doesn't work; one sentence says what to do. There is no way to run
            without a sandbox.
    """
    if name not in NAMES:
        raise InfrastructureError(f"there is no sandbox {name!r}; choose {', '.join(NAMES)}")
    try:
        # Here, not above: the interface is imported on systems that have no such backend.
        from evaluators.sandbox.trial import trial

        image = image or image_named()
        sandbox = _docker(image, DOCKER.get(name)) if is_docker(name, image) else _bubblewrap()
    except ImportError as error:
        raise InfrastructureError(
            f"sandboxes need Linux and the server's packages: {error}"
        ) from error
    trial(sandbox)
    return sandbox


def image_named() -> str | None:
    """The runtime image that an operator has named."""
    return os.environ.get(IMAGE_VARIABLE) or None


def is_docker(name: str, image: str | None) -> bool:
    """Whether a backend's name stands for Docker, where this image is named."""
    return name in DOCKER or (name == "auto" and image is not None)


def _docker(image: str | None, runtime: str | None) -> Sandbox:
    from evaluators.sandbox.docker import Docker

    if not image:
        raise InfrastructureError(
            f"{IMAGE_VARIABLE} must name the runtime image that Docker runs: build it with "
            "`make image`, or see docker/README.md"
        )
    return Docker(image, runtime)


def _bubblewrap() -> Sandbox:
    from evaluators.sandbox.bubblewrap import Bubblewrap

    return Bubblewrap(runtime_find(runtime_folder()))
