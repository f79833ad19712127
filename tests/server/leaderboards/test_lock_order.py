"""Who changes a competition and who judges in it wait for each other, and never both."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from server.competitions.models import BoardVersion, Competition, Team
from server.competitions.services import (
    CompetitionChanges,
    board_reveal,
    board_touch,
    competition_edit,
)
from server.leaderboards.models import Standing
from server.leaderboards.services import standing_update
from server.leaderboards.task_change import task_version_change
from tests.server.cast import Cast, task_version_make
from tests.server.judging import judged, report_scored
from tests.server.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ONE_WRITES = "SQLite lets one write at a time"

Change = Callable[[Competition, Cast], object]


def reveal(competition: Competition, cast: Cast) -> object:
    return board_reveal(competition=competition, actor=cast.instructor, revealed=True)


def edit(competition: Competition, cast: Cast) -> object:
    changes = CompetitionChanges(daily_limit=9)
    return competition_edit(competition=competition, actor=cast.instructor, changes=changes)


@pytest.mark.parametrize("change", [reveal, edit])
def test_a_first_standing_and_a_change_of_the_competition_both_come_through(
    change: Change, cast: Cast, competition: Competition
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip(ONE_WRITES)
    judged(cast.student, competition, report_scored(0.5))
    team = Team.objects.get()
    Standing.objects.all().delete()
    board_touch(competition_id=competition.pk)
    before = BoardVersion.objects.get().version
    stands = threading.Event()

    def work(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                standing_update(team=team)
                stands.set()
                _somebody_waits()
        else:
            assert stands.wait(timeout=20)
            change(competition, cast)

    together(work, threads=2)
    assert Standing.objects.get().team == team
    assert BoardVersion.objects.get().version == before + 2


def test_a_change_of_the_task_version_waits_for_what_ends_before_it(
    cast: Cast, competition: Competition
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip(ONE_WRITES)
    judged(cast.student, competition, report_scored(0.5))
    team, version = Team.objects.get(), task_version_make(artifact_mb=2)
    Standing.objects.update(primary_key=9.0)  # so that the team's standing changes
    ends = threading.Event()

    def work(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                Team.objects.select_for_update().get(pk=team.pk)
                ends.set()
                _somebody_waits()
                standing_update(team=team)
        else:
            assert ends.wait(timeout=20)
            task_version_change(
                competition=competition, actor=cast.instructor, task_version=version
            )

    together(work, threads=2)
    competition.refresh_from_db()
    assert competition.task_version == version
    assert not Standing.objects.exists()


def _somebody_waits() -> None:
    """Returns when another session waits for a lock."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for what the standing holds")
