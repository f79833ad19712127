"""The API under requests that its own document allows, and under those that it does not.

Whatever is sent, by whomever: no failure of ours, and an answer as the document describes it.
"""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
)

from server.accounts.services import token_create
from server.competitions.models import Competition
from tests.fuzz.world import World, document, world_make
from tests.server.cast import Cast

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
schema = schemathesis.openapi.from_dict(document())
schema.app = get_wsgi_application()


@pytest.fixture
def world(cast: Cast, competition: Competition, prepared_files: None) -> World:
    return world_make(cast, competition)


@pytest.fixture
def token(name: str, cast: Cast) -> str | None:
    """What the one who asks bears."""
    return None if name == "anonymous" else token_create(user=cast.named(name), name="fuzz").text


@pytest.mark.slow
# The client of WSGI applications does not close answers, so that an upload that was kept by
# renaming it is missed where it lay.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["student", "instructor", "anonymous"])
@schema.parametrize()
@settings(
    max_examples=15,
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_as_its_document_says(
    case: "schemathesis.Case[Any]", name: str, token: str | None, world: World
) -> None:
    case.path_parameters = world.address(case.operation.path, case.path_parameters or {})
    headers = {"Authorization": f"Bearer {token}"} if token else None
    case.call_and_validate(checks=CHECKS, headers=headers)
