"""The engine that runs the containers, and the image that they are made of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docker import APIClient
from docker.errors import APIError, DockerException, ImageNotFound
from docker.utils import kwargs_from_env
from requests.exceptions import RequestException

from evaluators.errors import InfrastructureError

# Where an image says which interpreter of it programs run with.
PYTHON_LABEL = "org.springboard.python"
# An engine that unpacks a large image elsewhere may take its time; what runs is waited for
# without any limit of the connection, as programs have limits of their own.
ANSWER_SECONDS = 120
# What it answers for what is not there, and for what can't be done as things are.
NOT_FOUND, CONFLICT = 404, 409
ENGINE_ERRORS = (DockerException, RequestException, OSError)


@dataclass(frozen=True, slots=True)
class Image:
    """A runtime image, pinned.

    Attributes:
        digest: of its configuration and so of all its layers: `sha256:...`. Containers are made
            of this, so that a tag which is moved meanwhile changes nothing.
        python: the interpreter in it.
    """

    digest: str
    python: str


@dataclass(frozen=True, slots=True)
class Engine:
    """A Docker engine.

    Attributes:
        api: connections to it; may be used by several threads.
        info: what it says of itself.
    """

    api: APIClient
    info: dict[str, Any]

    @property
    def runtimes(self) -> frozenset[str]:
        """Names of its runtimes: `runc`, `runsc`."""
        return frozenset(self.info.get("Runtimes") or ())

    @property
    def options(self) -> str:
        """Its security options, such as `name=seccomp` and `name=rootless`."""
        return " ".join(self.info.get("SecurityOptions") or ())

    @property
    def maps_users(self) -> bool:
        """Whether user ids in a container are others outside: it is rootless, or remaps them."""
        return "name=rootless" in self.options or "name=userns" in self.options


@contextmanager
def engine_asked(what: str) -> Iterator[None]:
    """Turns whatever the engine refuses, and its absence, into a fault of ours.

    Args:
        what: what it was asked for, as in "start a container".

    Raises:
        InfrastructureError: it did not.
    """
    try:
        yield
    except ENGINE_ERRORS as error:
        raise InfrastructureError(f"the Docker engine did not {what}: {reason(error)}") from error


def reason(error: BaseException) -> str:
    """What the engine said, or why it said nothing."""
    said = error.explanation if isinstance(error, APIError) else None
    return str(said or error)


def engine_connect() -> Engine:
    """Connects to the engine that `DOCKER_HOST` names, or this machine's own.

    Raises:
        InfrastructureError: there is none, it may not be used, or it can't filter system calls.
    """
    try:
        api = APIClient(timeout=ANSWER_SECONDS, version="auto", **kwargs_from_env())
        info = api.info()
    except ENGINE_ERRORS as error:
        where = os.environ.get("DOCKER_HOST", "this machine's own socket")
        raise InfrastructureError(
            f"no Docker engine answers at {where}: {reason(error)}; start it, let the worker's "
            "user use its socket, or set DOCKER_HOST"
        ) from error
    engine = Engine(api, info)
    if "name=seccomp" not in engine.options:
        raise InfrastructureError(
            "this Docker engine has no seccomp: system calls can't be limited"
        )
    return engine


def image_find(engine: Engine, reference: str) -> Image:
    """Looks an image up in the engine. It is never fetched: an operator decides what runs.

    Raises:
        InfrastructureError: it isn't there, or it is no runtime image.
    """
    try:
        found: dict[str, Any] = engine.api.inspect_image(reference)  # type: ignore[no-untyped-call]
    except ImageNotFound:
        raise InfrastructureError(
            f"the Docker engine has no image {reference}: build it with `make image`, or pull it"
        ) from None
    except ENGINE_ERRORS as error:
        raise InfrastructureError(
            f"the image {reference} can't be found: {reason(error)}"
        ) from error
    config = found.get("Config") or {}
    python = (config.get("Labels") or {}).get(PYTHON_LABEL)
    if not python:
        raise InfrastructureError(
            f"the image {reference} has no label {PYTHON_LABEL}: it is no runtime image"
        )
    if config.get("Volumes"):
        raise InfrastructureError(
            f"the image {reference} declares volumes, into which programs could write without any "
            "limit: build it without VOLUME"
        )
    return Image(digest=found["Id"], python=python)
