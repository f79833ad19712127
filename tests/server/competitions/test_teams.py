import pytest

from server.competitions.models import Competition, Team
from server.competitions.services import team_for
from tests.server.cast import Cast
from tests.server.threads import together


def test_a_person_gets_a_team_of_one(cast: Cast, competition: Competition) -> None:
    team = team_for(user=cast.student, competition=competition)
    assert team.name == "student"
    assert team_for(user=cast.student, competition=competition) == team
    assert [member.user for member in team.members.all()] == [cast.student]


def test_two_people_of_one_name_get_two_teams(cast: Cast, competition: Competition) -> None:
    for user in (cast.student, cast.classmate):
        user.display_name = "Ada"
        user.save()
    names = [
        team_for(user=user, competition=competition).name for user in (cast.student, cast.classmate)
    ]
    assert names == ["Ada", "Ada 2"]


@pytest.mark.django_db(transaction=True)
def test_requests_at_one_time_make_one_team(cast: Cast, competition: Competition) -> None:
    made = together(lambda _: team_for(user=cast.student, competition=competition).pk, threads=8)
    assert set(made) == {Team.objects.get().pk}
