"""What is not restored: what is damaged, newer, hostile, or would go over something."""

import gzip
import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from evaluators.errors import InfrastructureError
from server.accounts.models import User
from server.backup.archive import archive_check
from server.backup.facts import TableFacts
from server.backup.members import SUMS
from server.backup.tables import rows_insert
from server.backup.target import table_fill
from tests.server.backup.conftest import World, forge, members
from tests.server.backup.installation import Installation

USERS = "database/accounts.user.jsonl.gz"


@pytest.mark.parametrize("part", ["database/", "storage/uploads/", "data/", "secret/", "SHA256"])
def test_a_changed_byte_is_found(part: str, backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    with tarfile.open(backup) as tar:
        member = next(one for one in tar.getmembers() if one.name.startswith(part) and one.size > 0)
    content[member.offset_data] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(content)
    with pytest.raises(InfrastructureError, match="no whole backup") as refused:
        archive_check(damaged)
    if part != "SHA256":
        assert member.name in str(refused.value)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_one_that_was_cut_off_is_found(kept: float, backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InfrastructureError, match="no whole backup"):
        archive_check(cut)


@pytest.mark.parametrize("content", [b"", b"no tar", b"\x00" * 10240])
def test_another_file_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(content)
    with pytest.raises(InfrastructureError, match="no whole backup"):
        archive_check(path)
    with pytest.raises(InfrastructureError, match="can't be read"):
        archive_check(tmp_path / "none.tar")


@pytest.mark.parametrize(
    "name",
    [
        "data/../../escaped", "/data/absolute", "storage//x", "storage/./x", "etc/passwd",
        "database/sub/users.jsonl.gz", "secret/django_key", "data/a\\b", "data/a\nb", "data",
        "data/" + "a" * 1000,
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    _tar(tmp_path / "evil.tar", tarfile.TarInfo(name))
    with pytest.raises(InfrastructureError, match="can't be a file of a backup"):
        archive_check(tmp_path / "evil.tar")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_what_is_no_plain_file_is_refused(kind: bytes, tmp_path: Path) -> None:
    info = tarfile.TarInfo("data/halves")
    info.type, info.linkname = kind, "/etc/passwd"
    _tar(tmp_path / "evil.tar", info)
    with pytest.raises(InfrastructureError, match="no plain file"):
        archive_check(tmp_path / "evil.tar")


def _tar(path: Path, info: tarfile.TarInfo) -> None:
    with tarfile.open(path, "w") as tar:
        tar.addfile(info, BytesIO())


def test_what_comes_after_the_end_is_refused(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "longer.tar"
    path.write_bytes(backup.read_bytes())
    with tarfile.open(path, "a") as tar:
        info = tarfile.TarInfo("secret/seed")
        info.size = 64
        tar.addfile(info, BytesIO(b"0" * 64))
    with pytest.raises(InfrastructureError, match="after its end"):
        archive_check(path)


def test_one_of_a_newer_version_is_refused(
    backup: Path, tmp_path: Path, empty: Installation
) -> None:
    facts = json.loads(members(backup)["backup.json"])
    facts["migrations"].append("submissions.9999_the_future")
    newer = forge(backup, tmp_path / "newer.tar", **{"backup.json": json.dumps(facts).encode()})
    told = empty.refused("restore", str(newer))
    assert "newer version of Springboard" in told and "9999_the_future" in told
    facts = facts | {"format": 2}
    newer = forge(backup, tmp_path / "next.tar", **{"backup.json": json.dumps(facts).encode()})
    assert "format" in empty.refused("restore", str(newer))


@pytest.mark.parametrize(
    "line",
    [b"[1]", b"{}", b"null", b"not json", b"[" * 100_000, b"\xff", b'["?"' + b",0" * 11 + b"]"],
)
@pytest.mark.django_db
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises(InfrastructureError, match="none of its rows"):
        rows_insert(User, [line])


def test_rows_that_the_database_refuses_leave_nobody(
    backup: Path, tmp_path: Path, empty: Installation
) -> None:
    lines = gzip.decompress(members(backup)[USERS]).splitlines()
    twice = gzip.compress(b"\n".join([*lines, lines[0]]))
    forged = forge(backup, tmp_path / "forged.tar", **{USERS: twice})
    told = empty.refused("restore", str(forged))
    assert "refuses a row of accounts.user" in told and "Nothing is in it" in told
    assert empty.python(_PEOPLE) == "0"
    # What was begun is finished by restoring that very backup, and by no other.
    assert "another backup was interrupted" in empty.refused("restore", str(backup))


_PEOPLE = "from server.accounts.models import User; print(User.objects.count())"


@pytest.mark.parametrize(("rows", "said"), [(0, "0 rows"), (1, "1 rows"), (5, "more rows")])
@pytest.mark.django_db
def test_another_number_of_rows_than_it_says_is_refused(rows: int, said: str) -> None:
    facts = TableFacts(model="auth.group", columns=("id", "name"), rows=2)
    lines = "".join(f'[{number},"{number}"]\n' for number in range(1, rows + 1))
    packed = BytesIO(gzip.compress(lines.encode()))
    with pytest.raises(InfrastructureError, match=f"auth.group has {said} and not 2"):
        table_fill(Group, facts, packed, Path("backup.tar"))
    # Of an endless table no more comes in than shows that it is wrong.
    assert Group.objects.count() == min(rows, 3)


def test_nothing_that_is_there_is_gone_over(
    world: World, backup: Path, empty: Installation
) -> None:
    empty.python(_IN_THE_WAY, str(backup))


_IN_THE_WAY = """
import sys
from pathlib import Path
from django.conf import settings
from django.core.management import CommandError, call_command
var = Path(settings.VAR_DIR)
data = var / "data" / "halves" / "0123456789abcdef"
for path in (var / "secret" / "seed", data / "ready.json", var / "storage" / "uploads" / "one"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    try:
        call_command("restore", sys.argv[1])
        raise SystemExit(f"{path} was no hindrance")
    except CommandError as error:
        assert "exists" in str(error) or "has files under uploads/" in str(error), error
    assert path.read_text() == "mine"
    path.unlink()
data.rmdir()
call_command("migrate", verbosity=0)
call_command("restore", sys.argv[1])
try:
    call_command("restore", sys.argv[1])
    raise SystemExit("the rows were no hindrance")
except CommandError as error:
    assert "the database is not empty" in str(error), error
"""


def test_one_that_was_interrupted_is_finished_by_the_same_backup(
    world: World, backup: Path, empty: Installation
) -> None:
    empty.var.mkdir()
    # A file where a folder must be: it fails after some files, and before any row.
    (empty.var / "data").write_text("in the way")
    empty.refused("restore", str(backup))
    assert (empty.var / "restoring.json").is_file()
    (empty.var / "data").unlink()
    part = next((empty.var / "storage").glob("uploads/*"), None)
    if part is not None:
        part.write_bytes(b"a part")
    assert "Restored" in empty.done("restore", str(backup))
    assert not (empty.var / "restoring.json").exists()
    # It is whole, by the digests of what was uploaded.
    empty.done("backup", str(empty.var / "again.tar"))
    # Interrupted after the rows were there, and before it had ended.
    (empty.var / "restoring.json").write_text(json.dumps({"backup": archive_check(backup).digest}))
    assert "Restored" in empty.done("restore", str(backup))
    assert not (empty.var / "restoring.json").exists()


def test_the_list_of_digests_is_the_last(backup: Path) -> None:
    assert list(members(backup))[-1] == SUMS
