"""What every refusal of the API looks like: problem details (RFC 9457)."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from rest_framework import serializers

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem to answer with.

    Attributes:
        status: the HTTP status.
        detail: what is wrong and what to do.
        title: the kind of problem; the status in words where it is empty.
        code: the kind of problem, for programs.
        retry_at: when to try again, where that helps.
        errors: what is wrong by field, where fields are.
    """

    status: int
    detail: str
    title: str = ""
    code: str = ""
    retry_at: datetime | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The members of the answer."""
        phrase = HTTPStatus(self.status).phrase
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title or phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code or phrase.lower().replace(" ", "_"),
        }
        if self.retry_at is not None:
            body["retry_at"] = self.retry_at.isoformat()
        if self.errors:
            body["errors"] = self.errors
        return body


class ProblemSerializer(serializers.Serializer[Problem]):
    """Problem details, for the schema."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    code = serializers.CharField(help_text="The kind of problem, for programs.")
    retry_at = serializers.DateTimeField(required=False, help_text="When to try again.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, not the serializer's own
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong, by field.",
    )
