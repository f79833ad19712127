"""All services by name, and which of them a test may go without."""

import os

import pytest

from tests.services.bucket import Bucket
from tests.services.postgresql import PostgreSQL
from tests.services.rabbitmq import RabbitMQ
from tests.services.redis import Redis
from tests.services.service import Service

SERVICES: dict[str, type[Service]] = {
    service.name: service for service in (PostgreSQL, Redis, RabbitMQ, Bucket)
}


def need(name: str) -> type[Service]:
    """Returns a service that can be started here.

    Where it is not installed the test is skipped; it fails where SPRINGBOARD_TEST_SERVICES, a list
    of names, says that it has to be there.
    """
    missing = SERVICES[name].missing()
    if missing and name in os.environ.get("SPRINGBOARD_TEST_SERVICES", "").split():
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return SERVICES[name]
