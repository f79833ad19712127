import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from evaluators.installation import task_seed
from evaluators.prepared import READY_FILE
from server.accounts.services import token_create
from server.backup.archive import ArchiveWriter, archive_members
from server.backup.making import Made, backup_make
from server.backup.members import FACTS, MISSING, SUMS
from server.competitions.models import Competition
from server.submissions.models import Evaluation
from tests.server.backup.installation import Installation
from tests.server.cast import Cast
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit


@dataclass(frozen=True)
class World:
    """A competition in the middle of its life.

    Attributes:
        running: is being judged.
        cancelled: is being judged, and shall stop.
        token: of a student.
    """

    competition: Competition
    running: Evaluation
    cancelled: Evaluation
    token: str


@pytest.fixture
def own_storage(tmp_path: Path, settings: Settings) -> None:
    """A storage and a folder that no other test writes to."""
    settings.VAR_DIR = tmp_path / "source"
    settings.DATA_DIR = settings.VAR_DIR / "data"
    settings.DATA_DIR.mkdir(parents=True)
    stored = {**settings.STORAGES["default"]}
    stored["OPTIONS"] = {**stored["OPTIONS"], "location": settings.VAR_DIR / "storage"}
    settings.STORAGES = {**settings.STORAGES, "default": stored}


@pytest.fixture
def world(
    transactional_db: None, own_storage: None, cast: Cast, competition: Competition,
    settings: Settings,
) -> World:  # fmt: skip
    _data_write(settings.DATA_DIR / "halves" / "0123456789abcdef", competition)
    task_seed(settings.VAR_DIR, "halves")
    judged(cast.student, competition, report_scored(0.25, private=0.5))
    judged(cast.classmate, competition, report_scored(0.125))
    judged(cast.student, competition, report_failed())
    submit(cast.classmate, competition, content=b"waits")
    submit(cast.student, competition, content=b"runs", message="ñ 😀 \"' \\ %s")
    ids = [claim_next().evaluation_id for _ in range(2)]
    first, second = (Evaluation.objects.get(pk=pk) for pk in ids)
    Evaluation.objects.filter(pk=second.pk).update(cancel_requested=True)
    return World(competition, first, second, token_create(user=cast.student, name="laptop").text)


def _data_write(folder: Path, competition: Competition) -> None:
    version = competition.task_version
    for side in ("public", "private"):
        (folder / side).mkdir(parents=True)
        (folder / side / "practice.npz").write_bytes(side.encode() * 1000)
    told = {"task_version": version.version, "data_version": version.data_version}
    (folder / READY_FILE).write_text(json.dumps(told))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Made]:
    """Makes a backup of the world."""

    def make(
        path: Path,
        *,
        incomplete: bool = False,
        tell: Callable[[str], None] = lambda line: None,
    ) -> Made:
        with path.open("wb") as out:
            return backup_make(out=out, scratch=tmp_path, incomplete=incomplete, tell=tell)

    return make


@pytest.fixture
def backup(world: World, make: Callable[..., Made], tmp_path: Path) -> Path:
    make(tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "restored")


def members(path: Path) -> dict[str, bytes]:
    return {info.name: content.read() for info, content in archive_members(path)}


def rows(path: Path) -> dict[str, list[Any]]:
    """The rows of all tables."""
    return {
        name: [json.loads(line) for line in gzip.decompress(content).splitlines()]
        for name, content in members(path).items()
        if name.startswith("database/")
    }


def forge(path: Path, into: Path, **changes: bytes) -> Path:
    """Writes an archive with other contents whose digests are right, as whoever attacks would.

    Args:
        path: the archive.
        into: the forged one.
        **changes: contents by name; a new name is added.
    """
    found = members(path)
    content = {**{name: found[name] for name in found if name != MISSING}, **changes}
    content[MISSING] = found[MISSING]
    content.pop(SUMS)
    assert next(iter(content)) == FACTS
    with into.open("wb") as out:
        archive = ArchiveWriter(out, made_at=0)
        for name, text in content.items():
            archive.add(name, BytesIO(text), len(text))
        archive.close()
    return into
