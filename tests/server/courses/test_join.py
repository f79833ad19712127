import pytest
from django.core.exceptions import ValidationError

from server.courses.models import Membership, Role
from server.courses.services import course_create, course_join
from server.refusals import Unprocessable
from tests.server.cast import Cast, client_of


def test_the_invite_code_makes_a_participant(cast: Cast) -> None:
    code = cast.other_course.invite_code.upper()
    response = client_of(cast.student).post("/api/v1/courses/join", {"invite_code": f" {code} "})
    assert response.status_code == 200
    assert response.json()["role"] == "participant"


def test_joining_again_changes_nothing(cast: Cast) -> None:
    code = cast.course.invite_code
    for user in (cast.student, cast.instructor, cast.assistant):
        before = Membership.objects.get(course=cast.course, user=user).role
        assert course_join(user=user, invite_code=code).role == before
    assert Membership.objects.filter(course=cast.course, role=Role.INSTRUCTOR).count() == 1


@pytest.mark.parametrize("code", ["", "   ", "wrong", "%", "\x00"])
def test_a_wrong_code_opens_nothing(code: str, cast: Cast) -> None:
    with pytest.raises(Unprocessable, match="instructor"):
        course_join(user=cast.student, invite_code=code)


def test_an_inactive_course_can_not_be_joined(cast: Cast) -> None:
    cast.other_course.is_active = False
    cast.other_course.save()
    with pytest.raises(Unprocessable):
        course_join(user=cast.student, invite_code=cast.other_course.invite_code)


def test_codes_can_be_tried_slowly_only(cast: Cast) -> None:
    client = client_of(cast.student)
    statuses = [
        client.post("/api/v1/courses/join", {"invite_code": f"code-{n}"}).status_code
        for n in range(21)
    ]
    assert statuses == [422] * 20 + [429]


def test_a_course_needs_a_real_time_zone(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Europe/Prague"):
        course_create(
            slug="mars", title="Mars", instructor=cast.instructor, time_zone="Mars/Olympus"
        )
