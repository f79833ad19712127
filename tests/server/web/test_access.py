"""Who gets what at every page: the whole matrix, and no page left out."""

from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from server.accounts.models import User
from server.competitions.models import Competition, Visibility
from server.courses.models import Membership
from server.submissions.models import Submission
from server.web.urls import urlpatterns
from tests.server.cast import Cast
from tests.server.judging import submit

PEOPLE = (
    "student", "classmate", "assistant", "instructor", "stranger", "foreign_assistant", "anonymous",
)  # fmt: skip
EVERYONE = (200,) * 7
NO_ONE_POSTS = (405,) * 7
LOGGED_IN = (200, 200, 200, 200, 200, 200, 302)
# Strangers are not told whether it exists; who is not logged in is asked to log in.
MEMBERS = (200, 200, 200, 200, 404, 404, 302)
# The students' package: pip does not log in.
FOR_PROGRAMS = {"client"}
STAFF = (403, 403, 200, 200, 404, 404, 302)
OWNER_AND_STAFF = (200, 404, 200, 200, 404, 404, 302)


@dataclass(frozen=True)
class Case:
    """A page, and the statuses that PEOPLE get in their order."""

    name: str
    path: str
    get: tuple[int, ...]
    post: tuple[int, ...] = NO_ONE_POSTS


CASES = (
    Case("home", "/", EVERYONE),
    # Those who are logged in are led on.
    Case("sign_up", "/signup/", (302,) * 6 + (200,), (302,) * 6 + (422,)),
    Case("log_in", "/login/", (302,) * 6 + (200,), (302,) * 6 + (200,)),
    Case("log_out", "/logout/", (405,) * 7, (302,) * 7),
    Case("password_forgotten", "/password/", EVERYONE, EVERYONE),
    Case("password_sent", "/password/sent/", EVERYONE),
    Case("password_new", "/password/x/y/", EVERYONE, EVERYONE),
    Case("account", "/account/", LOGGED_IN, (422,) * 6 + (302,)),
    Case("token_revoke", "/account/tokens/1/revoke/", (405,) * 7, (404,) * 6 + (302,)),
    Case("join", "/join/", LOGGED_IN, (422,) * 6 + (302,)),
    Case("join_by_link", "/join/no-such-code/", EVERYONE, (422,) * 6 + (200,)),
    Case("competition", "/competitions/halves/", MEMBERS),
    Case("data", "/competitions/halves/data/", MEMBERS),
    Case("kit", "/competitions/halves/kit/", MEMBERS),
    Case(
        "submit",
        "/competitions/halves/submit/",
        MEMBERS,
        (422, 422, 422, 422, 404, 404, 302),
    ),
    Case("submissions", "/competitions/halves/submissions/", MEMBERS),
    Case("leaderboard", "/competitions/halves/leaderboard/", MEMBERS),
    Case(
        "baseline",
        "/competitions/halves/teams/0/baseline/",
        (405,) * 7,
        (403, 403, 404, 404, 404, 404, 302),
    ),
    Case("short", "/c/halves", (302,) * 7),
    Case("wall", "/c/halves/wall", MEMBERS),
    Case("submission", "/submissions/{id}/", OWNER_AND_STAFF),
    Case("submission_status", "/submissions/{id}/status/", OWNER_AND_STAFF),
    Case(
        "cancel",
        "/submissions/{id}/cancel/",
        OWNER_AND_STAFF,
        (302, 404, 302, 302, 404, 404, 302),
    ),
)


@pytest.fixture
def submission(cast: Cast, competition: Competition) -> Submission:
    return submit(cast.student, competition)


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    if name != "anonymous":
        client.force_login(cast.named(name))
    return client


def test_the_matrix_has_every_page() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names - FOR_PROGRAMS == {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everyone_reads_what_they_may(case: Case, cast: Cast, submission: Submission) -> None:
    path = case.path.format(id=submission.public_id)
    statuses = tuple(client_of(cast, name).get(path).status_code for name in PEOPLE)
    assert statuses == case.get


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everyone_changes_what_they_may(case: Case, cast: Cast, submission: Submission) -> None:
    path = case.path.format(id=submission.public_id)
    statuses = tuple(client_of(cast, name).post(path).status_code for name in PEOPLE)
    assert statuses == case.post


@pytest.mark.parametrize("name", ["stranger", "foreign_assistant", "anonymous"])
def test_a_public_competition_can_be_watched_by_all(
    name: str, cast: Cast, competition: Competition
) -> None:
    competition.visibility = Visibility.PUBLIC
    competition.save()
    client = client_of(cast, name)
    for page in ("", "data/", "kit/", "leaderboard/"):
        assert client.get(f"/competitions/halves/{page}").status_code == 200
    assert client.get("/c/halves/wall").status_code == 200
    refused = 302 if name == "anonymous" else 403
    for page in ("submit/", "submissions/"):
        assert client.get(f"/competitions/halves/{page}").status_code == refused
    file = SimpleUploadedFile("model.py", b"class Model: ...")
    response = client.post("/competitions/halves/submit/", {"file": file})
    assert response.status_code == refused
    assert not Submission.objects.exists()


def test_strangers_are_offered_no_downloads(cast: Cast, competition: Competition) -> None:
    competition.visibility = Visibility.PUBLIC
    competition.save()
    for name in ("stranger", "anonymous"):
        page = client_of(cast, name).get("/competitions/halves/kit/").content.decode()
        assert "/api/v1/competitions/halves/kit" not in page
    page = client_of(cast, "student").get("/competitions/halves/kit/").content.decode()
    assert "/api/v1/competitions/halves/kit" in page


def test_who_is_not_logged_in_comes_back_after_logging_in(cast: Cast) -> None:
    response = Client().get("/competitions/halves/submissions/?cursor=x")
    assert response.headers["Location"] == (
        "/login/?next=/competitions/halves/submissions/%3Fcursor%3Dx"
    )


def test_a_get_changes_nothing(cast: Cast, submission: Submission) -> None:
    newcomer = cast.stranger
    client = client_of(cast, "stranger")
    client.get(f"/join/{cast.course.invite_code}/")
    assert not Membership.objects.filter(user=newcomer, course=cast.course).exists()
    client_of(cast, "student").get(f"/submissions/{submission.public_id}/cancel/")
    assert submission.evaluations.get().status == "queued"
    assert User.objects.filter(pk=newcomer.pk).exists()


def test_every_change_needs_a_form_of_ours(cast: Cast, submission: Submission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.student)
    file = SimpleUploadedFile("model.py", b"class Model: ...")
    for path, data in (
        ("/logout/", {}),
        ("/account/", {"name": "laptop"}),
        ("/join/", {"invite_code": cast.course.invite_code}),
        ("/competitions/halves/submit/", {"file": file}),
        (f"/submissions/{submission.public_id}/cancel/", {}),
    ):
        response = client.post(path, data)
        assert response.status_code == 403
        assert "The form was too old" in response.content.decode()
    assert Submission.objects.count() == 1
    assert submission.evaluations.get().status == "queued"
