"""What pages and API say of GPUs: why one waits, where it is judged, and a course's choice."""

import csv
import dataclasses
import io

import pytest
from django.test import Client

from evaluators.report import EvaluationReport
from server.competitions.models import Competition
from server.courses.models import Action, Course, LoggedAction
from server.courses.selectors import course_access
from server.courses.services import course_cpu_fallback_set
from server.leaderboards.services import evaluation_finish
from server.refusals import Forbidden
from server.submissions.services import evaluation_claim, evaluation_requeue
from tests.server.cast import Cast, client_of
from tests.server.judging import claim_next, report_failed, report_scored, submit
from tests.server.submissions.gpu import on_gpu, online
from tests.server.web.conftest import browser_of


def on_device(report: EvaluationReport, device: str) -> EvaluationReport:
    provenance = dataclasses.replace(report.provenance, device=device)
    return dataclasses.replace(report, provenance=provenance)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_waiting_page_says_why_and_changes_when_that_does(
    cast: Cast, competition: Competition, student: Client
) -> None:
    submission = submit(cast.student, on_gpu(competition))
    page = text_of(student, f"/submissions/{submission.public_id}/")
    assert "No GPU worker is online, and this task is judged on a GPU." in page
    assert "it keeps its place" in page
    address = page.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert student.get(address).status_code == 204
    online("gpu:1", "gpu", drained=["Xid 79"])
    part = student.get(address)
    assert "All GPUs are out of order" in part.content.decode()
    # An operator's matter.
    assert "Xid" not in part.content.decode()


def test_the_api_says_it_too(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, on_gpu(competition))
    client, path = client_of(cast.student), f"/api/v1/submissions/{submission.public_id}"
    online("gpu:1", "gpu")
    assert client.get(path).json()["waiting"] == {
        "code": "soon",
        "text": "A GPU worker takes your submission in a moment.",
        "help": "",
    }
    claim = evaluation_claim(queue="gpu", worker="gpu:1/2")
    shown = client.get(path).json()
    assert (shown["waiting"], shown["judged_on_cpu"]) == (None, False)
    assert claim is not None
    evaluation_finish(claim=claim, report=on_device(report_scored(0.5), "GPU-1"))
    assert client.get(path).json()["judged_on_cpu"] is False


def test_after_a_lost_worker_it_says_both(
    cast: Cast, competition: Competition, student: Client
) -> None:
    submission = submit(cast.student, competition)
    evaluation_requeue(claim=claim_next(), error="disk full")
    page = text_of(student, f"/submissions/{submission.public_id}/")
    assert "Attempt 2 of 3: the first was lost by a fault of ours" in page
    assert "No worker is online." in page


@pytest.mark.parametrize("report", [report_scored(0.5), report_failed()])
def test_what_was_judged_on_a_cpu_says_so(
    report: EvaluationReport, cast: Cast, competition: Competition, student: Client
) -> None:
    submission = submit(cast.student, on_gpu(competition, cpu_fallback=True))
    evaluation_finish(claim=claim_next("cpu"), report=report)
    assert "a CPU: no GPU worker was online" in text_of(
        student, f"/submissions/{submission.public_id}/"
    )
    shown = client_of(cast.student).get(f"/api/v1/submissions/{submission.public_id}").json()
    assert shown["judged_on_cpu"] is True


def test_staff_find_in_the_export_what_was_judged_on_a_cpu(
    cast: Cast, competition: Competition, instructor: Client
) -> None:
    for person in (cast.student, cast.classmate):
        submit(person, on_gpu(competition, cpu_fallback=True))
    evaluation_finish(claim=claim_next("cpu"), report=report_scored(0.5))
    report = on_device(report_scored(0.5), "GPU-1")
    evaluation_finish(claim=claim_next("gpu"), report=report)
    response = instructor.get("/api/v1/competitions/halves/submissions.csv")
    rows = csv.DictReader(io.StringIO(response.getvalue().decode()))
    assert {row["author"]: row["judged_on_cpu"] for row in rows} == {
        "student": "yes",
        "classmate": "",
    }


def test_what_was_judged_on_a_gpu_says_so_and_cpu_tasks_say_nothing(
    cast: Cast, competition: Competition, student: Client
) -> None:
    plain = submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    assert "Judged on" not in text_of(student, f"/submissions/{plain.public_id}/")
    submission = submit(cast.student, on_gpu(competition))
    report = on_device(report_scored(0.5), "GPU-of-the-server")
    evaluation_finish(claim=claim_next("gpu"), report=report)
    page = text_of(student, f"/submissions/{submission.public_id}/")
    assert "<dt>Judged on</dt><dd>a GPU</dd>" in page
    assert "GPU-of-the-server" not in page


def test_the_overview_says_how_many_gpus_are_online(
    cast: Cast, competition: Competition, student: Client
) -> None:
    path = "/competitions/halves/"
    assert "Judged on" not in text_of(student, path)
    on_gpu(competition)
    assert "a GPU; no GPU worker is online now</dd>" in text_of(student, path)
    on_gpu(competition, cpu_fallback=True)
    assert "so it is judged on a CPU within the same limits" in text_of(student, path)
    online("gpu:1", "gpu", slots=3, drained=["Xid 48"])
    online("cpu:1", "cpu", slots=9)
    assert "a GPU; 2 GPUs are online" in text_of(student, path)
    detail = client_of(cast.student).get("/api/v1/competitions/halves").json()
    assert (detail["accelerator"], detail["slots_online"]) == ("gpu", 2)
    online("gpu:1", "gpu", drained=["Xid 48"])
    assert "all GPUs are out of order now" in text_of(student, path)


def test_an_instructor_lets_cpus_stand_in_and_the_log_keeps_it(
    cast: Cast, instructor: Client
) -> None:
    path = "/manage/spring/settings/"
    assert "The time limit stays the same" in text_of(instructor, path)
    assert " checked" not in text_of(instructor, path)
    instructor.post(path, {"cpu_fallback": "on"})
    assert Course.objects.get(slug="spring").cpu_fallback
    assert " checked" in text_of(instructor, path)
    assert "are judged on a CPU" in text_of(instructor, "/manage/spring/")
    instructor.post(path, {"cpu_fallback": "on"})
    instructor.post(path, {})
    assert not Course.objects.get(slug="spring").cpu_fallback
    logged = LoggedAction.objects.filter(action=Action.COURSE_EDIT).order_by("pk")
    assert [(row.before, row.after) for row in logged] == [
        ({"cpu_fallback": False}, {"cpu_fallback": True}),
        ({"cpu_fallback": True}, {"cpu_fallback": False}),
    ]


def test_an_assistant_sees_the_choice_and_can_not_change_it(cast: Cast) -> None:
    page = text_of(browser_of(cast, "assistant"), "/manage/spring/")
    assert "wait for one" in page and "/manage/spring/settings/" not in page


@pytest.mark.parametrize("name", ["student", "assistant"])
def test_the_service_itself_refuses(name: str, cast: Cast) -> None:
    access = course_access(user=cast.named(name), slug="spring")
    with pytest.raises(Forbidden):
        course_cpu_fallback_set(access=access, cpu_fallback=True)
    assert not Course.objects.get(slug="spring").cpu_fallback


def test_the_api_takes_nothing_but_yes_and_no(cast: Cast) -> None:
    client = client_of(cast.instructor)
    assert client.patch("/api/v1/courses/spring", {"cpu_fallback": "perhaps"}).status_code == 400
    assert client.patch("/api/v1/courses/spring", {}).status_code == 400
    shown = client.patch("/api/v1/courses/spring", {"cpu_fallback": True}).json()
    assert shown["cpu_fallback"] is True
