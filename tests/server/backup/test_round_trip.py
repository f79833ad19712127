"""Out of a backup comes the same installation, on either database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from server.backup.making import Made
from server.submissions.models import Submission
from server.submissions.services import leases_sweep
from tests.server.backup.conftest import World, members, rows
from tests.server.backup.installation import Installation
from tests.server.cast import Cast, client_of
from tests.server.judging import submit
from tests.server.threads import together
from tests.services.bucket import Bucket
from tests.services.postgresql import PostgreSQL

EVALUATIONS = "database/submissions.evaluation.jsonl.gz"


@pytest.mark.services
def test_it_moves_to_postgresql_and_back(
    world: World, cast: Cast, backup: Path, tmp_path: Path
) -> None:
    board = client_of(cast.student).get("/api/v1/competitions/halves/leaderboard").json()
    with PostgreSQL(tmp_path / "postgresql") as server:
        there = Installation(tmp_path / "there", {"DATABASE_URL": server.url})
        there.done("restore", str(backup))
        there.done("backup", str(tmp_path / "there.tar"))
        assert there.board(world.token) == board
        assert there.python(_LOOK) == "0 differ, done done done queued cancelled"
    back = Installation(tmp_path / "back")
    back.done("restore", str(tmp_path / "there.tar"))
    back.done("backup", str(tmp_path / "back.tar"))
    assert back.board(world.token) == board
    assert back.python(_LOOK) == "0 differ, done done done queued cancelled"
    _same(backup, tmp_path / "there.tar")
    _same(tmp_path / "there.tar", tmp_path / "back.tar")
    assert (back.var / "secret" / "seed").stat().st_mode & 0o777 == 0o600
    private = back.var / "data" / "halves" / "0123456789abcdef" / "private"
    assert private.stat().st_mode & 0o777 == 0o700


# Sweeps and makes a row, which must get a number of its own.
_LOOK = """
from server.accounts.services import user_create
from server.competitions.models import Competition
from server.leaderboards.services import standings_compare
from server.submissions.models import Evaluation
from server.submissions.services import leases_sweep
leases_sweep()
user_create(username="new", email="new@example.org", password="correct horse battery")
differ = standings_compare(competition=Competition.objects.get())
states = Evaluation.objects.order_by("finished_at").values_list("status", flat=True)
print(len(differ), "differ,", *sorted(states, key="done queued cancelled".split().index))
"""


def _same(before: Path, after: Path) -> None:
    """All rows and files are the same, but what ran waits again."""
    files = [
        {name: text for name, text in members(path).items() if not name.startswith("database/")}
        for path in (before, after)
    ]
    for one in files:
        for name in ("backup.json", "SHA256SUMS"):
            one.pop(name)
    assert files[0] == files[1]
    assert sum(name.startswith("storage/uploads/") for name in files[0]) == 5
    assert sum(name.startswith("storage/results/") for name in files[0]) == 4
    first, second = rows(before), rows(after)
    ran = first.pop(EVALUATIONS), second.pop(EVALUATIONS)
    assert first == second
    assert [row[0] for row in ran[0]] == [row[0] for row in ran[1]]
    columns = next(
        table["columns"]
        for table in json.loads(members(before)["backup.json"])["tables"]
        if table["model"] == "submissions.evaluation"
    )
    changed = {
        columns[at]
        for old, new in zip(*ran, strict=True)
        for at in range(len(columns))
        if old[at] != new[at]
    }
    assert changed <= {"status", "lease_until", "started_at", "stage"}


@pytest.mark.services
def test_it_moves_into_a_bucket(world: World, backup: Path, tmp_path: Path) -> None:
    with Bucket(tmp_path / "bucket") as server:
        there = Installation(tmp_path / "there", {"STORAGE_URL": server.url})
        there.done("restore", str(backup))
        assert "9 files, 0 missing" in there.done("storage", "check")
        there.done("backup", str(tmp_path / "there.tar"))
        other = Installation(tmp_path / "other", {"STORAGE_URL": server.url})
        assert "the storage has files under" in other.refused("restore", str(backup))
    _same(backup, tmp_path / "there.tar")


def test_nobody_waits_for_a_backup_and_it_shows_one_moment(
    world: World, cast: Cast, make: Callable[..., Made], tmp_path: Path
) -> None:
    meanwhile: list[int] = []

    def submit_once(line: str) -> None:
        if not meanwhile:
            # In another thread, as another connection: while the rows are being read.
            meanwhile.extend(
                together(
                    lambda number: submit(cast.student, world.competition).pk,
                    threads=1,
                )
            )

    make(tmp_path / "backup.tar", tell=submit_once)
    [added] = meanwhile
    assert Submission.objects.filter(pk=added).exists()
    found = rows(tmp_path / "backup.tar")
    kept = {row[0] for row in found["database/submissions.submission.jsonl.gz"]}
    assert kept == set(Submission.objects.exclude(pk=added).values_list("pk", flat=True))
    assert len(found[EVALUATIONS]) == len(kept)


def test_the_worlds_own_sweep_goes_on(world: World, backup: Path) -> None:
    """Reading the rows left no transaction behind that would hold anything."""
    assert leases_sweep().requeued == 0


def test_tables_of_an_older_version_are_brought_up_to_date(
    tmp_path: Path, empty: Installation
) -> None:
    old = Installation(tmp_path / "old")
    old.python(_OLD)
    old.done("backup", str(tmp_path / "old.tar"))
    assert "database/courses.loggedaction.jsonl.gz" not in members(tmp_path / "old.tar")
    empty.done("restore", str(tmp_path / "old.tar"))
    assert empty.python(_NEW) == "first 0"


_OLD = """
from django.core.management import call_command
for app, to in (("leaderboards", "0001"), ("submissions", "0002"), ("courses", "0001")):
    call_command("migrate", app, to, verbosity=0)
call_command("migrate", "accounts", verbosity=0)
from server.accounts.services import user_create
user_create(username="first", email="first@example.org", password="correct horse battery")
"""
_NEW = """
from django.core.management import call_command
call_command("migrate", check_unapplied=True, verbosity=0)
from server.accounts.models import User
from server.courses.models import LoggedAction
print(User.objects.get().username, LoggedAction.objects.count())
"""
