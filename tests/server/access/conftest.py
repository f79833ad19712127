from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.server.access.world import World, world_of


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for all tests of a module: each leaves it as it was."""
    with django_db_blocker.unblock(), world_of(tmp_path_factory.mktemp("world")) as made:
        yield made
