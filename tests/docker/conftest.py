import os

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

from evaluators.errors import InfrastructureError
from evaluators.sandbox.docker.engine import engine_connect

# `make images` builds them; CI does, and sets this so that a missing one is a failure.
REQUIRED_VARIABLE = "SPRINGBOARD_TEST_IMAGES"


@pytest.fixture(scope="session")
def engine() -> docker.DockerClient:
    try:
        engine_connect()
        return docker.from_env(timeout=120)
    except (InfrastructureError, DockerException) as error:
        if os.environ.get(REQUIRED_VARIABLE):
            raise
        pytest.skip(f"no engine is in reach: {error}")


@pytest.fixture(scope="session")
def built(engine: docker.DockerClient) -> docker.DockerClient:
    """The engine, with the images that `make images` builds."""
    for image in ("springboard-server:local", "springboard-runtime-cpu:local"):
        try:
            engine.images.get(image)
        except ImageNotFound:
            if os.environ.get(REQUIRED_VARIABLE):
                raise
            pytest.skip(f"{image} is not built: run `make images`")
    return engine
