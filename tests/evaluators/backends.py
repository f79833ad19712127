"""The backends that isolate, for tests that hold each of them to the same.

Docker's run the image that `SPRINGBOARD_TEST_IMAGE` names, in the engine that `DOCKER_HOST` names.
They are skipped where either is missing, but fail if `SPRINGBOARD_TEST_BACKENDS` names them.
"""

import functools
import os

import pytest

from evaluators.errors import InfrastructureError
from evaluators.sandbox import Sandbox, sandbox_select

IMAGE_VARIABLE = "SPRINGBOARD_TEST_IMAGE"
REQUIRED_VARIABLE = "SPRINGBOARD_TEST_BACKENDS"
NAMES = ("bubblewrap", "docker+runc", "docker+runsc")
BACKENDS = [
    pytest.param(
        name,
        marks=[pytest.mark.sandbox, *([pytest.mark.docker] if name.startswith("docker") else [])],
    )
    for name in NAMES
]


def backend(name: str) -> Sandbox:
    """The backend of a name; skips the test where it may be missing."""
    found = _found(name)
    if isinstance(found, Sandbox):
        return found
    if name == "bubblewrap" or name in os.environ.get(REQUIRED_VARIABLE, "").split():
        raise found
    pytest.skip(f"{name} is not in reach: {found}")


@functools.cache
def _found(name: str) -> Sandbox | InfrastructureError:
    try:
        return sandbox_select(name, image=os.environ.get(IMAGE_VARIABLE))
    except InfrastructureError as error:
        return error
