"""The OpenAPI schema: what drf-spectacular can't see by itself."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from server.api.problems import CONTENT_TYPE, ProblemSerializer


class ProblemSchema(AutoSchema):
    """Adds to each operation that its errors are problem details."""

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        bodies["default"] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", media_types=[CONTENT_TYPE], direction=direction
        ) | {"description": "A problem: its detail says what to do."}
        return bodies


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Bearer tokens."""

    target_class = "server.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """How a client authenticates."""
        return {"type": "http", "scheme": "bearer"}
