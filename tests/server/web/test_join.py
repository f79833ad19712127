from django.test import Client

from server.competitions.models import Competition
from server.courses.models import Membership
from tests.server.cast import PASSWORD, Cast
from tests.server.judging import submit


def test_a_code_leads_to_the_courses_competition(cast: Cast, competition: Competition) -> None:
    client = Client()
    client.force_login(cast.stranger)
    response = client.post("/join/", {"invite_code": f" {cast.course.invite_code.upper()} "})
    assert response.headers["Location"] == "/competitions/halves/"
    assert "You are now in Spring school." in client.get("/competitions/halves/").content.decode()


def test_a_code_leads_home_where_nothing_is_open(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.stranger)
    response = client.post("/join/", {"invite_code": cast.course.invite_code})
    assert response.headers["Location"] == "/"


def test_a_wrong_code_says_so(student: Client) -> None:
    response = student.post("/join/", {"invite_code": "abcd-efgh-jkmn"})
    assert response.status_code == 422
    assert "No course has this invite code" in response.content.decode()


def test_codes_can_be_tried_slowly_only(student: Client) -> None:
    statuses = [student.post("/join/", {"invite_code": "x"}).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def test_a_link_leads_a_newcomer_all_the_way(cast: Cast, competition: Competition) -> None:
    client = Client()
    here = f"/join/{cast.course.invite_code}/"
    invitation = client.get(here).content.decode()
    assert f"/signup/?next=%2Fjoin%2F{cast.course.invite_code}%2F" in invitation
    form = {"username": "newcomer", "email": "new@example.org", "password": PASSWORD, "next": here}
    assert client.post("/signup/", form).headers["Location"] == here
    assert cast.course.invite_code in client.get(here).content.decode()
    response = client.post(here)
    assert response.headers["Location"] == "/competitions/halves/"
    assert Membership.objects.get(user__username="newcomer").role == "participant"


def test_joining_twice_keeps_what_one_is(cast: Cast, instructor: Client) -> None:
    instructor.post("/join/", {"invite_code": cast.course.invite_code})
    membership = Membership.objects.get(user=cast.instructor, course=cast.course)
    assert membership.role == "instructor"


def test_a_newcomer_sees_the_next_three_steps_until_the_first_submission(
    cast: Cast, competition: Competition
) -> None:
    client = Client()
    client.force_login(cast.stranger)
    welcome = client.post(f"/join/{cast.course.invite_code}/", follow=True).content.decode()
    assert "Your next three steps" in welcome
    submit(cast.stranger, competition)
    page = client.get("/competitions/halves/").content.decode()
    assert "Your next three steps" not in page
