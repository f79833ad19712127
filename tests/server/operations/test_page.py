"""The operators' page and its twin in the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from server.accounts.models import User
from server.competitions.models import Competition
from server.courses.models import Role
from server.courses.services import membership_create
from server.leaderboards.sweeping import sweep_all
from server.operations import readiness
from server.operations.readiness import Part
from server.operations.watched import Found, Watched
from server.submissions.models import Evaluation, Worker
from server.submissions.services import evaluation_fail, evaluation_requeue, worker_trouble
from tests.server.cast import Cast, client_of, competition_make, person_make
from tests.server.judging import claim_next, evaluation_of, submit
from tests.server.submissions.gpu import online

PAGE = "/operations/"


@pytest.fixture(autouse=True)
def _parts_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else of this machine's parts could be wrong is no matter of these tests."""
    for part in Part:
        monkeypatch.setitem(readiness.WATCHED, part, _finds(True, "it answers"))


@pytest.fixture
def operator(cast: Cast) -> User:
    user = person_make("operator")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def browser(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def _finds(ok: bool, detail: str) -> Watched:
    return Watched(lambda: Found(ok, detail), keep_seconds=0, patience_seconds=5)


def text_of(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_fresh_server_says_what_to_do(browser: Client) -> None:
    page = text_of(browser)
    assert "<code>make worker</code> starts one" in page
    assert "Nothing waits and nothing runs." in page
    assert "No evaluation has ended by a fault" in page
    assert 'id="stuck" class="state-good">0<' in page
    assert "none is known" in page


def test_it_shows_what_goes_on(cast: Cast, competition: Competition, browser: Client) -> None:
    submit(cast.student, competition)
    evaluation_requeue(claim=claim_next(), error="disk full")
    failed = submit(cast.classmate, competition)
    while (claim := claim_next()).public_id != evaluation_of(failed).public_id:
        pass
    evaluation_fail(claim=claim, error='Traceback:\n  File "x"\nTaskError: <no such> file\n')
    online("cpu-host:1", "cpu", slots=2)
    online("gpu-host:2", "gpu", slots=2, drained=["Xid 79: fallen off the bus"])
    worker_trouble(name="cpu-host:1", trouble="no sandbox works here")
    sweep_all()
    page = text_of(browser)
    for told in (
        "All is well", "cpu-host:1", "gpu-host:2", "Xid 79: fallen off the bus",
        "no sandbox works here", "0 of 1", "TaskError: &lt;no such&gt; file", "Spring school",
        "Tried more than once", "0 s ago, by ",
    ):  # fmt: skip
        assert told in page, told
    assert "Traceback" not in page
    assert f"/admin/submissions/evaluation/{claim.evaluation_id}/change/" in page
    # The links lead somewhere for whoever may look at tables.
    User.objects.filter(username="operator").update(is_superuser=True)
    assert (
        browser.get(f"/admin/submissions/evaluation/{claim.evaluation_id}/change/").status_code
        == 200
    )


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (Part.DATABASE, "The server takes no submissions"),
        (Part.STORAGE, "The server takes no submissions"),
        (Part.BROKER, "Submissions are taken, but not all are judged"),
        (Part.WORKERS, "Submissions are taken, but not all are judged"),
    ],
)
def test_it_says_what_is_wrong(
    part: Part, told: str, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep_all()
    assert "All is well" in text_of(browser)
    monkeypatch.setitem(readiness.WATCHED, part, _finds(False, "nobody answers"))
    page = text_of(browser)
    assert told in page and "nobody answers" in page


def test_it_says_what_is_stuck_and_that_nobody_sweeps(
    cast: Cast, competition: Competition, browser: Client
) -> None:
    assert "No sweep is known of lately" in text_of(browser)
    submit(cast.student, competition)
    public_id = claim_next().public_id
    sweep_all()
    Evaluation.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    page = text_of(browser)
    assert "Something is stuck" in page and 'class="state-bad">1<' in page
    assert public_id in page and "lease over" in page


def test_it_renews_a_part_of_itself(browser: Client) -> None:
    part = browser.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="operations" hx-get="/operations/"')
    assert "<html" not in part


def test_others_do_not_find_it(cast: Cast, operator: User) -> None:
    for person in (cast.student, cast.instructor):
        client = Client()
        client.force_login(person)
        assert client.get(PAGE).status_code == 404
        assert "Operations" not in client.get("/").content.decode()
        assert client_of(person).get("/api/v1/operations").status_code == 404
    client = Client()
    client.force_login(operator)
    assert f'href="{PAGE}"' in client.get("/").content.decode()


@pytest.mark.parametrize("path", [PAGE, "/api/v1/operations", "/metrics"])
def test_it_asks_as_often_for_many_rows(
    path: str, cast: Cast, competition: Competition, browser: Client
) -> None:
    def grow(number: int) -> None:
        user = person_make(f"rival{number}")
        membership_create(course=cast.course, user=user, role=Role.PARTICIPANT)
        other = competition_make(
            cast.course, slug=f"more{number}", task_version=competition.task_version
        )
        for each in (competition, other):
            submit(user, each)
            submit(user, each)
        evaluation_fail(claim=claim_next(), error="broken")
        evaluation_requeue(claim=claim_next(), error="disk full")
        claim_next()
        online(f"host:{number}", "cpu")
        Worker.objects.update(started_at=timezone.now() - timedelta(hours=1))
        Evaluation.objects.filter(status="queued").update(
            queued_at=timezone.now() - timedelta(minutes=30)
        )

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    grow(0)
    few = asked()
    for number in range(1, 6):
        grow(number)
    assert asked() == few <= 25


def test_the_api_tells_the_same(cast: Cast, competition: Competition, operator: User) -> None:
    submit(cast.student, competition)
    online("cpu-host:1", "cpu", slots=2)
    told = client_of(operator).get("/api/v1/operations").json()
    assert told["state"] == "ready"
    assert told["parts"]["broker"] == {"ok": True, "detail": "it answers"}
    (worker,) = told["workers"]
    assert (worker["name"], worker["slots"], worker["busy"]) == ("cpu-host:1", 2, 0)
    (depth,) = told["queue"]
    assert (depth["queue"], depth["status"], depth["number"]) == ("cpu", "queued", 1)
    assert told["competitions"][0]["slug"] == "halves"
    assert (told["stuck"], told["last_errors"], told["last_sweep"]) == ([], [], None)
    assert told["sweep_is_late"] is True
