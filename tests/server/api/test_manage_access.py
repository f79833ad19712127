"""Who may run a course through the API: the whole matrix."""

import json
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from server.competitions.models import Competition, Visibility
from server.competitions.services import announcement_post, extension_give
from server.courses.models import LoggedAction, Membership
from tests.server.api.case import Case
from tests.server.api.manage_cases import MANAGE_CASES, PEOPLE
from tests.server.cast import Cast, client_of, competition_make
from tests.server.judging import submit


@pytest.fixture
def made(cast: Cast, competition: Competition) -> dict[str, str]:
    competition_make(
        cast.course,
        slug="open",
        task_version=competition.task_version,
        visibility=Visibility.PUBLIC,
    )
    submission = submit(cast.student, competition)
    extension = extension_give(
        competition=competition,
        actor=cast.assistant,
        who="student",
        closes_at=competition.closes_at.replace(year=competition.closes_at.year + 1),
    )
    announcement = announcement_post(
        competition=competition, author=cast.assistant, title="Hello", text="Welcome."
    )
    return {
        "submission": submission.public_id,
        "extension": str(extension.pk),
        "announcement": str(announcement.pk),
        "task": str(competition.task_version_id),
        **{
            name: str(Membership.objects.get(user=cast.named(name)).pk)
            for name in ("student", "assistant", "instructor", "stranger")
        },
    }


@pytest.mark.parametrize("case", MANAGE_CASES, ids=lambda case: f"{case.method} {case.path}")
@pytest.mark.parametrize("name", PEOPLE)
def test_it_answers_everyone_as_the_matrix_says(
    name: str, case: Case, cast: Cast, made: dict[str, str]
) -> None:
    expected = case.statuses[PEOPLE.index(name)]
    logged = LoggedAction.objects.count()
    response = _send(client_of(None if name == "anonymous" else cast.named(name)), case, made)
    assert response.status_code == expected, response
    if expected >= 400:
        assert response["Content-Type"] == "application/problem+json"
        assert json.loads(response.content)["detail"]
        assert LoggedAction.objects.count() == logged


def _send(client: APIClient, case: Case, made: dict[str, str]) -> Response:
    data: dict[str, Any] | None = case.data() if case.data else None
    if data and "task" in data:
        data["task"] = made["task"]
    path = "/api/v1/" + case.path.format(**made)
    sent: Response = getattr(client, case.method)(path, data, format=case.format)
    return sent
