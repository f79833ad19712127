"""When the server really fails, it tells nobody how."""

import pytest
from django.conf import settings
from django.db import connection

from tests.server.access.canaries import allowed, canaries
from tests.server.access.cases import CASES
from tests.server.access.opened import opened
from tests.server.access.world import World, undone

pytestmark = pytest.mark.django_db

# Nothing refers to them, and nearly every list and page reads one of them.
LOST = ("submissions_score", "leaderboards_standing", "competitions_announcement")
OURS = ("Traceback", "OperationalError", "ProgrammingError", "no such table", "SELECT", "server/")
READ = [case for case in CASES if case.get and not case.path.startswith("/admin/")]


@pytest.mark.parametrize("name", ["anonymous", "student", "assistant"])
def test_a_failure_tells_no_secrets(name: str, world: World) -> None:
    planted = canaries(world)
    may = allowed(name, planted)
    hidden = [text for each in planted if each.name not in may for text in each.texts]
    failed = set()
    with undone():
        # What was inserted waits for its references to be looked at, and its table can't go before.
        connection.check_constraints()
        for table in LOST:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {table}")
        for case in READ:
            path = case.path.format(**world.keys)
            # PostgreSQL answers nothing more after a failure, up to where it can go back to.
            with undone():
                response = world.visitors[name].ask("get", path, means=case.means)
            if response.status_code < 500:
                continue
            failed.add(case.means)
            said = opened(response).decode("utf-8", "replace")
            told = [text for text in (*OURS, str(settings.BASE_DIR), *LOST) if text in said]
            assert told == [], path
            assert [text for text in hidden if text in said and text not in path] == [], path
            assert "ault" in said, path  # whose fault it is, and what to do
    assert failed == {"browser", "program"}
