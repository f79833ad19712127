import pytest
from django.test import Client

from tests.server.cast import Cast


@pytest.fixture
def student(cast: Cast) -> Client:
    """The student's browser."""
    return browser_of(cast, "student")


@pytest.fixture
def instructor(cast: Cast) -> Client:
    """The instructor's browser."""
    return browser_of(cast, "instructor")


def browser_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.named(name))
    return client
