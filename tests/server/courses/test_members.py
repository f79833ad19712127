"""Members come, change and go; what they did stays."""

import pytest
from django.db import IntegrityError, transaction

from server.competitions.models import Competition
from server.courses.models import Action, Course, LoggedAction, Membership, Role
from server.courses.services import membership_create
from server.leaderboards.models import Standing
from server.submissions.models import Submission
from tests.server.cast import Cast, client_of, operator_make
from tests.server.judging import judged, report_scored

MEMBERS = "/api/v1/courses/spring/members"


def _id(cast: Cast, name: str) -> int:
    return Membership.objects.get(course=cast.course, user=cast.named(name)).pk


def test_who_is_removed_loses_access_and_keeps_the_place(
    cast: Cast, competition: Competition
) -> None:
    evaluation = judged(cast.student, competition, report_scored(0.5))
    student = client_of(cast.student)
    one = f"/api/v1/submissions/{evaluation.submission.public_id}"
    assert student.get(one).status_code == 200
    path = f"{MEMBERS}/{_id(cast, 'student')}"
    assert client_of(cast.assistant).delete(path).status_code == 204
    for gone in (one, "/api/v1/competitions/halves", "/api/v1/courses/spring"):
        assert student.get(gone).status_code == 404
    assert Submission.objects.filter(author=cast.student).exists()
    assert Standing.objects.filter(team__members__user=cast.student).exists()


def test_the_last_instructor_stays(cast: Cast) -> None:
    client, path = client_of(cast.instructor), f"{MEMBERS}/{_id(cast, 'instructor')}"
    assert client.delete(path).status_code == 409
    assert client.patch(path, {"role": "assistant"}).status_code == 409
    assert Membership.objects.get(user=cast.instructor).role == Role.INSTRUCTOR
    assert client.patch(f"{MEMBERS}/{_id(cast, 'assistant')}", {"role": "instructor"}).data[
        "role"
    ] == ("instructor")
    assert client.delete(path).status_code == 204
    assert not Membership.objects.filter(user=cast.instructor).exists()


def test_an_assistant_makes_nobody_anything(cast: Cast) -> None:
    path = f"{MEMBERS}/{_id(cast, 'assistant')}"
    assert client_of(cast.assistant).patch(path, {"role": "instructor"}).status_code == 403
    membership_create(course=cast.course, user=cast.stranger, role=Role.ASSISTANT)
    other = f"{MEMBERS}/{_id(cast, 'stranger')}"
    assert client_of(cast.assistant).delete(other).status_code == 403


def test_members_are_found_and_paged(cast: Cast) -> None:
    client = client_of(cast.assistant)
    assert [m["username"] for m in client.get(MEMBERS, {"search": "MATE"}).data["results"]] == [
        "classmate"
    ]
    assert len(client.get(MEMBERS, {"role": "participant"}).data["results"]) == 2
    assert client.get(MEMBERS, {"search": "\x00"}).status_code == 400
    first = client.get(MEMBERS, {"limit": 3}).data
    rest = client.get(MEMBERS, {"limit": 3, "cursor": first["next"]}).data
    seen = [m["username"] for m in first["results"] + rest["results"]]
    assert seen == ["assistant", "classmate", "instructor", "student"]


def test_an_old_invite_code_opens_nothing(cast: Cast) -> None:
    old = cast.course.invite_code
    new = client_of(cast.assistant).post("/api/v1/courses/spring/invite-code").data["invite_code"]
    stranger = client_of(cast.stranger)
    join = "/api/v1/courses/join"
    assert stranger.post(join, {"invite_code": old}).status_code == 422
    assert stranger.post(join, {"invite_code": new}).status_code == 200
    assert stranger.get("/api/v1/courses/spring").data["invite_code"] is None


@pytest.mark.parametrize("slug", ["join", "new"])
def test_a_course_takes_no_address_of_ours(slug: str, cast: Cast) -> None:
    answer = client_of(operator_make()).post("/api/v1/courses", {"slug": slug, "title": "Mine"})
    assert answer.status_code == 400
    assert not Course.objects.filter(slug=slug).exists()


def test_what_was_done_can_not_be_changed(cast: Cast) -> None:
    row = LoggedAction.objects.get(course=cast.course, action=Action.COURSE_CREATE)
    row.subject = "another"
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        row.save()
    with pytest.raises(TypeError):
        LoggedAction.objects.update(subject="another")
    with pytest.raises(TypeError):
        LoggedAction.objects.all().delete()
    assert LoggedAction.objects.get(pk=row.pk).subject == "spring"


def test_the_log_says_who_did_what(cast: Cast) -> None:
    instructor = client_of(cast.instructor)
    instructor.patch(f"{MEMBERS}/{_id(cast, 'student')}", {"role": "assistant"})
    newest = instructor.get("/api/v1/courses/spring/log").data["results"][0]
    assert (newest["actor"], newest["action"], newest["subject"]) == (
        "instructor", "member_role", "student",
    )  # fmt: skip
    assert newest["before"] == {"role": "participant"}
    assert newest["after"] == {"role": "assistant"}
