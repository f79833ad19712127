"""What a backup holds, and what it says when it can't."""

import stat
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import CharField

from evaluators.errors import InfrastructureError
from server.backup.archive import ArchiveWriter, archive_check
from server.backup.files import STORED
from server.backup.making import Made, backup_make
from server.submissions.models import Submission
from tests.server.backup.conftest import World, members
from tests.server.backup.installation import Installation


def test_it_is_one_private_file_that_sha256sum_can_check(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    call_command("backup", str(folder))
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    out = tmp_path / "unpacked"
    out.mkdir()
    subprocess.run(["tar", "xf", str(path), "-C", str(out)], check=True)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, check=True)
    listed = {line.split("  ", 1)[1] for line in (out / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(members(path)) - {"SHA256SUMS"}


def test_what_is_secret_and_made_anew_is_left_out(world: World, backup: Path) -> None:
    found = members(backup)
    assert "secret/seed" in found
    assert not any("django_key" in name or "session" in name for name in found)
    assert "database/submissions.worker.jsonl.gz" not in found
    assert world.token.encode() not in b"".join(found.values())


def test_nothing_is_written_over(world: World, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == before


def test_a_missing_file_is_named_and_nothing_is_left(
    world: World, tmp_path: Path, make: Callable[..., Made]
) -> None:
    lost, changed = Submission.objects.order_by("pk")[:2]
    default_storage.delete(lost.storage_key)
    default_storage.delete(changed.storage_key)
    default_storage.save(changed.storage_key, ContentFile(b"something else"))
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(CommandError) as refused:
        call_command("backup", str(folder / "backup.tar"))
    assert "2 things" in str(refused.value) and "--incomplete" in str(refused.value)
    for submission in (lost, changed):
        assert submission.storage_key in str(refused.value)
    assert list(folder.iterdir()) == []
    made = make(tmp_path / "part.tar", incomplete=True)
    assert len(made.missing) == 2
    assert archive_check(tmp_path / "part.tar").missing == made.missing


def test_one_without_the_data_or_the_seed_is_not_complete(
    world: World, make: Callable[..., Made], tmp_path: Path, settings: object
) -> None:
    data = tmp_path / "source" / "data" / "halves"
    data.rename(tmp_path / "elsewhere")
    (tmp_path / "source" / "secret" / "seed").unlink()
    with pytest.raises(InfrastructureError, match="prepared data of the task halves") as refused:
        make(tmp_path / "part.tar")
    assert "seed of all splits" in str(refused.value)


def test_what_became_shorter_is_named() -> None:
    with pytest.raises(InfrastructureError, match="data/x became shorter"):
        ArchiveWriter(BytesIO(), made_at=0).add("data/x", BytesIO(b"12"), 3)


def test_a_full_disk_is_called_one(world: World, tmp_path: Path) -> None:
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(OSError, match="No space left"),
    ):
        backup_make(out=full, scratch=tmp_path, incomplete=False, tell=print)


def test_it_can_be_piped(tmp_path: Path, empty: Installation) -> None:
    path = tmp_path / "piped.tar"
    path.write_bytes(empty.piped(_PIPE))
    assert "is whole: " in empty.done("restore", "--check", str(path))


_PIPE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("backup", "-")
"""


def test_every_column_with_a_key_of_the_storage_is_known() -> None:
    keys = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, CharField) and field.name.endswith("_key")
    }
    known = {(model, column) for model, columns in STORED.items() for column in columns}
    # A session's and a request's own names.
    assert keys - known == {
        ("submissions.submission", "idempotency_key"),
        ("sessions.session", "session_key"),
    }
    assert known <= keys
