"""Who stands above whom."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.models import Standing
from server.leaderboards.selectors import leaderboard_page, team_rank, team_standing
from server.leaderboards.services import (
    evaluation_finish,
    standings_compare,
    standings_rebuild,
)
from tests.server.cast import Cast, competition_make, person_make, task_version_make
from tests.server.judging import claim_next, evaluation_of, judged, report_failed, report_scored


def _teams(competition: Competition) -> list[str]:
    return [row.team for row in leaderboard_page(competition=competition).rows]


def test_the_smaller_loss_wins(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.5))
    judged(cast.classmate, competition, report_scored(0.4))
    assert _teams(competition) == ["classmate", "student"]


def test_a_team_stands_by_its_best(cast: Cast, competition: Competition) -> None:
    for value in (0.5, 0.3, 0.9):
        judged(cast.student, competition, report_scored(value))
    (row,) = leaderboard_page(competition=competition).rows
    assert (row.score.value, row.submissions) == (0.3, 3)
    assert (row.score.low, row.score.high) == pytest.approx((0.2, 0.4))
    assert [score.metric for score in row.secondary] == ["accuracy"]


# Each case: (loss, accuracy, bytes, seconds) of the student and of the classmate, who wins.
@pytest.mark.parametrize(
    ("student", "classmate"),
    [
        ((0.5, 0.2, 900, 9), (0.4, 0.9, 100, 0)),
        ((0.5, 0.2, 900, 9), (0.5, 0.9, 900, 9)),
        ((0.5, 0.9, 900, 0), (0.5, 0.9, 100, 9)),
        ((0.5, 0.9, 900, 9), (0.5, 0.9, 900, 0)),
    ],
    ids=["primary", "secondary", "smaller", "earlier"],
)
def test_ties_are_broken_in_order(
    student: tuple[float, float, int, int],
    classmate: tuple[float, float, int, int],
    cast: Cast,
    competition: Competition,
) -> None:
    day = timezone.now() - timedelta(days=1)
    for user, (loss, accuracy, size, seconds) in (
        (cast.student, student),
        (cast.classmate, classmate),
    ):
        report = report_scored(loss, accuracy=accuracy, size=size)
        judged(user, competition, report, at=day + timedelta(seconds=seconds))
    assert _teams(competition) == ["classmate", "student"]


def test_the_hidden_scores_decide_nothing(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.4, private=9.0))
    judged(cast.classmate, competition, report_scored(0.5, private=0.1))
    assert _teams(competition) == ["student", "classmate"]


def test_invalid_never_ranks(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_failed())
    assert _teams(competition) == []
    judged(cast.student, competition, report_scored(0.5))
    judged(cast.student, competition, report_failed())
    (row,) = leaderboard_page(competition=competition).rows
    assert row.submissions == 1


def test_scores_of_another_version_of_the_task_do_not_rank(
    cast: Cast, competition: Competition
) -> None:
    judged(cast.student, competition, report_scored(0.5))
    competition.task_version = task_version_make(artifact_mb=2)
    competition.save()
    judged(cast.student, competition, report_scored(0.7))
    (row,) = leaderboard_page(competition=competition).rows
    assert (row.score.value, row.submissions) == (0.7, 1)


def test_rebuilding_finds_what_was_kept(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=100)
    chance = random.Random(7)
    people = [person_make(f"person{number}") for number in range(12)]
    for person in people:
        cast.course.memberships.create(user=person)
    for _ in range(60):
        report = report_scored(
            chance.choice([0.1, 0.2, 0.3]),
            accuracy=chance.choice([0.5, 0.6]),
            size=chance.choice([1, 2]),
        )
        judged(
            chance.choice(people),
            competition,
            chance.choice([report, report, report_failed()]),
            at=timezone.now() - timedelta(minutes=chance.randrange(10_000)),
        )
    assert standings_compare(competition=competition) == []
    kept = _teams(competition)

    spoiled = list(Standing.objects.order_by("pk")[:3])
    Standing.objects.filter(pk=spoiled[0].pk).update(primary_key=-1.0)
    Standing.objects.filter(pk=spoiled[1].pk).delete()
    Standing.objects.filter(pk=spoiled[2].pk).update(scored_submissions=99)
    assert {d.team_id for d in standings_compare(competition=competition)} == {
        standing.team_id for standing in spoiled
    }
    assert len(standings_rebuild(competition=competition)) == 3
    assert standings_compare(competition=competition) == []
    assert sorted(_teams(competition)) == sorted(kept)


def test_a_rank_is_that_of_the_page(cast: Cast, competition: Competition) -> None:
    for user, value in ((cast.student, 0.5), (cast.classmate, 0.4), (cast.assistant, 0.6)):
        judged(user, competition, report_scored(value))
    for row in leaderboard_page(competition=competition).rows:
        standing = Standing.objects.get(team_id=row.team_id)
        assert team_rank(standing=standing) == row.rank
        assert team_standing(team=standing.team) == standing


def test_judging_again_replaces_the_earlier_score(cast: Cast, competition: Competition) -> None:
    first = judged(cast.student, competition, report_scored(0.2))
    first.submission.evaluations.create(
        team=first.team, task_version=first.task_version, queued_at=timezone.now()
    )
    evaluation_finish(claim=claim_next(), report=report_scored(0.6))
    standing = Standing.objects.get()
    assert (standing.primary_key, standing.scored_submissions) == (0.6, 1)
    assert standing.evaluation == evaluation_of(first.submission)
