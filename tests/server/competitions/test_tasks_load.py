"""Tasks are prepared and made known; changed ones become new versions, and old ones stay."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from server.competitions.datasets import prepared_exactly
from server.competitions.models import Competition, TaskVersion
from tests.server.cast import Cast, competition_make
from tests.server.tiny_task import tiny_task_write

pytestmark = pytest.mark.sandbox

READS_RAW = """
import numpy as np


def prepare(raw, public, private, seed):
    count = 60 + sum(len(path.read_text()) for path in raw.iterdir())
    for folder, name in ((public, "practice"), (private, "judged")):
        points = seed.stream(name).uniform(-1, 1, (count, 2)).astype("float32")
        target = (points[:, 0] > 0).astype("int64")
        np.savez(folder / f"{name}.npz", input_points=points, target=target)
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.TASKS_DIR = tmp_path / "tasks"
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.VAR_DIR = tmp_path / "var"
    task = tiny_task_write(tmp_path / "tasks")
    (task / "prepare.py").write_text(READS_RAW)
    return task


def load(*arguments: str) -> str:
    said = io.StringIO()
    call_command("tasks", "load", *arguments, stdout=said)
    return said.getvalue()


def latest() -> TaskVersion:
    return TaskVersion.objects.latest("id")


@pytest.mark.django_db
def test_a_changed_folder_becomes_a_new_version(cast: Cast, folder: Path) -> None:
    assert "60 practice items, 60 judged items" in load()
    first = latest()
    competition = competition_make(cast.course, task_version=first)
    said = load("halves")
    assert TaskVersion.objects.count() == 1, "nothing has changed"
    assert "older version" not in said
    toml = folder / "task.toml"
    toml.write_text(toml.read_text().replace("wall_seconds = 20", "wall_seconds = 30"))
    said = load()
    assert f"an older version stays with {competition.slug}" in said
    second = latest()
    assert (second.slug, second.data_version) == (first.slug, first.data_version)
    assert second.version != first.version
    competition.refresh_from_db()
    assert competition.task_version == first


@pytest.mark.django_db
def test_private_files_take_the_place_of_the_sources_without_touching_code(
    folder: Path, tmp_path: Path
) -> None:
    load()
    public = latest()
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    (own / "points.csv").write_text("x" * 7)
    assert "67 practice items, 67 judged items" in load("halves", "--raw", str(own))
    private = latest()
    assert private.version == public.version
    assert private.data_version != public.data_version
    for version, items in ((public, 60), (private, 67)):
        # Both can still be judged.
        prepared = prepared_exactly(
            slug="halves", version=version.version, data_version=version.data_version
        )
        assert len(prepared.judged()) == items
    call_command("tasks", "sync", stdout=io.StringIO())
    assert TaskVersion.objects.count() == 2, "what was loaded last is what is known"


@pytest.mark.django_db
def test_one_fault_keeps_no_other_task_from_being_loaded(
    folder: Path, competition: Competition
) -> None:
    broken = tiny_task_write(folder.parent, slug="broken")
    (broken / "prepare.py").write_text("def prepare(raw, public, private, seed): 1 / 0")
    with pytest.raises(CommandError, match="1 of 2 tasks"):
        load()
    assert latest().slug == "halves"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--raw", "/nowhere"], "slug of one task"),
        (["nothing"], "nothing"),
    ],
)
def test_what_is_asked_wrongly_is_explained(folder: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        load(*arguments)


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_named(folder: Path) -> None:
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("tasks", "load", "halves", "--raw", "/nowhere/at/all", stdout=said)
