"""What there is to be found while the API is fuzzed, and the document that says how to ask."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from drf_spectacular.generators import SchemaGenerator

from server.accounts.services import token_create
from server.competitions.models import Announcement, Competition, TeamExtension
from server.courses.models import Membership
from server.submissions.models import Diagnostic
from tests.server.cast import Cast
from tests.server.judging import judged, report_failed, report_scored

# Of so many made-up names in an address, one stays as it is; the others become those of real rows.
ONE_OF = 4


@dataclass(frozen=True)
class World:
    """Rows of one course.

    Attributes:
        ids: the number of a row, by the name of the parameter that asks for one.
        submission: public id of the student's judged submission.
    """

    ids: dict[str, int]
    submission: str

    def address(self, path: str, made_up: Mapping[str, Any]) -> dict[str, Any]:
        """Puts names of real rows in the place of most of those that were made up."""
        return {name: self._real(path, name, value) for name, value in made_up.items()}

    def _real(self, path: str, name: str, value: Any) -> Any:
        if crc32(repr(value).encode(errors="replace")) % ONE_OF == 0:
            return value
        if name == "slug":
            return "spring" if path.startswith("/api/v1/courses/") else "halves"
        return {"public_id": self.submission, "name": "told", **self.ids}.get(name, value)


def world_make(cast: Cast, competition: Competition) -> World:
    judged(cast.classmate, competition, report_scored(0.4))
    judged(cast.student, competition, report_failed())
    evaluation = judged(cast.student, competition, report_scored(0.5))
    Diagnostic.objects.create(
        evaluation=evaluation,
        name="told",
        split="public",
        data={"columns": [], "rows": [], "notes": []},
        picture_key=default_storage.save("results/told.png", ContentFile(b"PNG")),
    )
    extension = TeamExtension.objects.create(
        team=evaluation.submission.team, closes_at=competition.closes_at
    )
    announcement = Announcement.objects.create(
        competition=competition, author=cast.assistant, title="News"
    )
    return World(
        ids={
            "announcement_id": announcement.pk,
            "extension_id": extension.pk,
            "member_id": Membership.objects.get(course=cast.course, user=cast.classmate).pk,
            "token_id": token_create(user=cast.student, name="mine").token.pk,
        },
        submission=evaluation.submission.public_id,
    )


def document() -> dict[str, Any]:
    """The OpenAPI document, as everyone gets it."""
    generated = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = json.loads(json.dumps(generated))
    return found
