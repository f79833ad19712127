"""Who gets what at every address of the API: the whole matrix, and no address left out."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from rest_framework.response import Response
from rest_framework.test import APIClient

from server.accounts.services import token_create
from server.competitions.models import Competition, Visibility
from server.submissions.models import Diagnostic
from tests.server.api.case import Case
from tests.server.api.manage_cases import MANAGE_CASES
from tests.server.cast import Cast, client_of
from tests.server.judging import evaluation_of, submit

PEOPLE = (
    "student", "classmate", "assistant", "instructor", "stranger", "foreign_assistant", "anonymous",
)  # fmt: skip


def _file() -> dict[str, object]:
    return {"file": SimpleUploadedFile("model.py", b"class Model: ...")}


COURSE = (200, 200, 200, 200, 404, 404, 401)
PUBLIC = (200,) * 7
KNOWN = (200,) * 6 + (401,)
MEMBERS_OF_PUBLIC = (200, 200, 200, 200, 403, 403, 401)
# The student's own submission: the classmate and the others may not know of it.
OWN = (200, 404, 200, 200, 404, 404, 401)

CASES = [
    Case("get", "me", KNOWN),
    Case("get", "tokens", KNOWN),
    Case("delete", "tokens/{token}", (204, 404, 404, 404, 404, 404, 401)),
    Case("get", "courses", KNOWN),
    Case("post", "courses/join", KNOWN, lambda: {"invite_code": "{code}"}),
    Case("get", "competitions", PUBLIC),
    Case("get", "competitions/halves", COURSE),
    Case("get", "competitions/halves/kit", COURSE),
    Case("get", "competitions/halves/data", COURSE),
    Case("get", "competitions/halves/leaderboard", COURSE),
    Case("get", "competitions/halves/submissions", COURSE),
    Case(
        "post",
        "competitions/halves/submissions",
        (202, 202, 202, 202, 404, 404, 401),
        _file,
        "multipart",
    ),
    Case("get", "competitions/open/", (404,) * 7),
    Case("get", "competitions/open", PUBLIC),
    Case("get", "competitions/open/leaderboard", PUBLIC),
    Case("get", "competitions/open/kit", MEMBERS_OF_PUBLIC),
    Case("get", "competitions/open/data", MEMBERS_OF_PUBLIC),
    Case("get", "competitions/open/submissions", MEMBERS_OF_PUBLIC),
    Case(
        "post",
        "competitions/open/submissions",
        (202, 202, 202, 202, 403, 403, 401),
        _file,
        "multipart",
    ),
    Case("get", "competitions/nowhere", (404,) * 6 + (401,)),
    Case("get", "competitions/nowhere/submissions", (404,) * 6 + (401,)),
    Case("post", "competitions/nowhere/submissions", (404,) * 6 + (401,), _file, "multipart"),
    Case("get", "submissions/{submission}", OWN),
    Case("post", "submissions/{submission}/cancel", OWN),
    Case("get", "submissions/{submission}/diagnostics", OWN),
    Case("get", "submissions/{submission}/diagnostics/{picture}", OWN),
    Case("get", "submissions/{submission}/diagnostics/nothing.png", (404,) * 6 + (401,)),
    Case("get", "submissions/nothing", (404,) * 6 + (401,)),
    Case("get", "submissions/nothing/diagnostics", (404,) * 6 + (401,)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path}")
@pytest.mark.parametrize("name", PEOPLE)
def test_it_answers_everyone_as_the_matrix_says(
    name: str, case: Case, cast: Cast, competitions: None, made: dict[str, str]
) -> None:
    client = client_of(None if name == "anonymous" else cast.named(name))
    response = _send(client, case, made)
    assert response.status_code == case.statuses[PEOPLE.index(name)], response
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
        problem = json.loads(response.content)
        assert problem["status"] == response.status_code
        assert problem["title"] and problem["detail"]
    if response.status_code == 401:
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_every_address_is_in_the_matrix() -> None:
    patterns = {_shape(path) for path in _paths(get_resolver("server.api.urls").url_patterns)}
    cases = {_shape(case.path) for case in (*CASES, *MANAGE_CASES)}
    assert {path for path in patterns if path.startswith("v1/")} - {"v1/tokens"} <= {
        f"v1/{path}" for path in cases
    }


def test_everyone_gets_a_token_for_a_password(cast: Cast) -> None:
    for name in PEOPLE[:-1]:
        sent = {"username": name, "password": "correct horse battery", "name": "laptop"}
        assert APIClient().post("/api/v1/tokens", sent, format="json").status_code == 201


def _send(client: APIClient, case: Case, made: dict[str, str]) -> Response:
    data = case.data() if case.data else None
    if data and "invite_code" in data:
        data = {"invite_code": made["code"]}
    path = "/api/v1/" + case.path.format(**made)
    sent: Response = getattr(client, case.method)(path, data, format=case.format)
    return sent


def _paths(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _paths(pattern.url_patterns, path)
        else:
            found.append(path)
    return found


def _shape(path: str) -> str:
    parts = path.rstrip("/").split("/")
    fixed = {"halves", "open", "nowhere", "nothing", "nothing.png", "spring"}
    return "/".join("*" if p in fixed or p[:1] in "{<" else p for p in parts)


@pytest.fixture
def competitions(cast: Cast, competition: Competition, prepared_files: None) -> None:
    Competition.objects.create(
        course=cast.course,
        slug="open",
        title="Open to all",
        task_version=competition.task_version,
        opens_at=competition.opens_at,
        closes_at=competition.closes_at,
        visibility=Visibility.PUBLIC,
    )


@pytest.fixture
def made(cast: Cast, competition: Competition) -> dict[str, str]:
    submission = submit(cast.student, competition)
    picture_key = default_storage.save("results/told.png", ContentFile(b"PNG"))
    Diagnostic.objects.create(
        evaluation=evaluation_of(submission),
        name="told",
        split="public",
        data={"columns": [], "rows": [], "notes": []},
        picture_key=picture_key,
    )
    return {
        "submission": submission.public_id,
        "picture": "told.png",
        "token": str(token_create(user=cast.student, name="mine").token.pk),
        "code": cast.other_course.invite_code,
    }
