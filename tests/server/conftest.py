from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from pytest_django import Settings

from evaluators.prepare import prepared_folder
from evaluators.prepared import READY_FILE
from evaluators.task import task_load
from server.competitions.models import Competition
from server.competitions.services import task_register
from tests.server.cast import Cast, cast_make, competition_make
from tests.server.tiny_task import tiny_task_write


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Throttles count anew in each test."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_make()


@pytest.fixture
def competition(cast: Cast) -> Competition:
    return competition_make(cast.course)


@pytest.fixture
def uploads_folder() -> Path:
    return Path(django_settings.STORAGE_DIR) / "uploads"


@pytest.fixture
def prepared_files(competition: Competition, tmp_path: Path, settings: Settings) -> None:
    """The competition's task, prepared, and its kit, on this machine."""
    task = task_load(tiny_task_write(tmp_path / "tasks"))
    folder = prepared_folder(task, tmp_path / "data")
    for side in ("public", "private"):
        (folder / side).mkdir(parents=True)
        (folder / side / "practice.npz").write_bytes(side.encode() * 100)
    (folder / READY_FILE).write_text('{"data_version": "' + "e" * 64 + '"}')
    kit = tmp_path / "kits" / "halves"
    kit.mkdir(parents=True)
    (kit / "README.md").write_text("Read me.\n")
    settings.TASKS_DIR = tmp_path / "tasks"
    settings.DATA_DIR = tmp_path / "data"
    settings.KITS_DIR = tmp_path / "kits"
    settings.STORAGE_DIR = tmp_path / "storage"
    competition.task_version = task_register(task=task, data_version="e" * 64)
    competition.save()
