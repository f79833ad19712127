"""The board after the reveal: the same submissions by their private scores."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from evaluators.report import Split
from server.competitions.models import Competition, Visibility
from server.competitions.services import board_reveal, team_mark_baseline
from server.leaderboards.models import Standing
from server.leaderboards.selectors import leaderboard_page
from server.leaderboards.services import standings_compare, standings_rebuild
from server.submissions.models import Score
from tests.server.cast import Cast, client_of, competition_make, person_make
from tests.server.judging import judged, report_scored

BOARD = "/api/v1/competitions/halves/leaderboard"


@pytest.fixture
def class_of(cast: Cast) -> Competition:
    """Ten teams with many ties, of which two are baselines."""
    competition = competition_make(cast.course, daily_limit=100)
    chance = random.Random(3)
    people = [person_make(f"person{number}") for number in range(10)]
    for person in people:
        cast.course.memberships.create(user=person)
    for person in [*people, *(chance.choice(people) for _ in range(20))]:
        report = report_scored(
            chance.choice([0.1, 0.2, 0.3]),
            accuracy=chance.choice([0.5, 0.6]),
            size=chance.choice([1, 2]),
            private=chance.choice([7731.25, 7732.25]),
        )
        minutes = timedelta(minutes=chance.randrange(1000))
        judged(person, competition, report, at=timezone.now() - minutes)
    for team in competition.teams.filter(name__in=["person2", "person5"]):
        team_mark_baseline(
            competition=competition, actor=cast.assistant, team_id=team.pk, is_baseline=True
        )
    return competition


def recomputed(competition: Competition) -> list[str]:
    """The private order, from the evaluations that stand publicly, without any stored key."""
    keyed = []
    for standing in Standing.objects.filter(competition=competition):
        evaluation = standing.evaluation
        scores = {s.metric: s.value for s in evaluation.scores.filter(split="private")}
        assert evaluation.artifact is not None
        key = (scores["log_loss"], -scores["accuracy"], evaluation.artifact.size)
        keyed.append((*key, evaluation.submission.received_at, standing.team.name))
    return [entry[-1] for entry in sorted(keyed)]


def test_it_ranks_the_same_submissions_by_their_private_scores(class_of: Competition) -> None:
    private = leaderboard_page(competition=class_of, split=Split.PRIVATE).rows
    public = leaderboard_page(competition=class_of).rows
    assert [row.team for row in private] == recomputed(class_of)
    assert [row.team for row in private] != [row.team for row in public]
    ranks = {row.team: row.rank for row in public}
    assert [row.public_rank for row in private] == [ranks[row.team] for row in private]


def test_baselines_take_no_rank(class_of: Competition) -> None:
    for split in (Split.PUBLIC, Split.PRIVATE):
        rows = leaderboard_page(competition=class_of, split=split).rows
        assert {row.team for row in rows if row.rank is None} == {"person2", "person5"}
        assert [row.rank for row in rows if row.rank] == list(range(1, 9))


@pytest.mark.parametrize("limit", [1, 3, 9, 10])
def test_its_pages_are_the_whole(limit: int, class_of: Competition, cast: Cast) -> None:
    board_reveal(competition=class_of, actor=cast.instructor, revealed=True)
    client = client_of(cast.student)
    whole = client.get(BOARD).json()
    assert whole["split"] == "private"
    rows: list[object] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(BOARD, {"limit": str(limit), "cursor": cursor}).json()
        rows, cursor = rows + page["results"], page["next"]
    assert rows == whole["results"]


def test_rebuilding_keeps_its_keys(class_of: Competition) -> None:
    assert standings_compare(competition=class_of) == []
    spoiled = Standing.objects.order_by("pk")[0]
    Standing.objects.filter(pk=spoiled.pk).update(private_primary_key=-5.0)
    assert [d.team_id for d in standings_rebuild(competition=class_of)] == [spoiled.team_id]
    assert standings_compare(competition=class_of) == []


@pytest.mark.parametrize("split", ["public", "private"])
def test_a_place_whose_scores_are_lost_is_a_difference(class_of: Competition, split: str) -> None:
    standing = Standing.objects.order_by("pk")[0]
    Score.objects.filter(evaluation=standing.evaluation, split=split).delete()
    [difference] = standings_compare(competition=class_of)
    assert difference.team_id == standing.team_id
    assert difference.computed and difference.computed.evaluation_id != standing.evaluation_id


def test_before_the_reveal_it_is_for_staff_only(class_of: Competition, cast: Cast) -> None:
    class_of.visibility = Visibility.PUBLIC
    class_of.save()
    for user in (cast.student, cast.stranger, cast.foreign_assistant, None):
        client = client_of(user)
        assert client.get(BOARD, {"split": "private"}).status_code in (401, 403)
        assert client.get(BOARD).json()["split"] == "public"
        for path in (BOARD, "/competitions/halves/leaderboard/", "/c/halves/wall"):
            body = client.get(path).content.decode()
            assert "7731.2" not in body and "7732.2" not in body
    assert client_of(cast.assistant).get(BOARD, {"split": "private"}).json()["split"] == "private"


def test_ones_own_row_comes_along(class_of: Competition, cast: Cast) -> None:
    judged(cast.student, class_of, report_scored(0.9))
    page = client_of(cast.student).get(BOARD, {"limit": 2}).json()
    assert (page["mine"]["team"], page["mine"]["rank"]) == ("student", 9)
    assert client_of(cast.classmate).get(BOARD).json()["mine"] is None
