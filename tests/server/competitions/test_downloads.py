import io
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from server.competitions.client_package import client_wheel
from server.competitions.kit_task import kit_task
from server.competitions.kits import kit_archive
from server.competitions.models import Competition
from tests.server.cast import Cast, client_of

pytestmark = pytest.mark.usefixtures("prepared_files")

ROOT = Path(__file__).parents[3]


def _zip(cast: Cast, path: str) -> zipfile.ZipFile:
    response = client_of(cast.student).get(f"/api/v1/competitions/halves/{path}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_the_data_is_the_public_folder_and_nothing_else(cast: Cast) -> None:
    archive = _zip(cast, "data")
    assert archive.namelist() == ["data/practice.npz"]
    assert archive.read("data/practice.npz") == b"public" * 100


def test_the_kit_holds_the_task_but_no_recipe(cast: Cast) -> None:
    names = _zip(cast, "kit").namelist()
    assert {"halves/README.md", "halves/task/task.toml", "halves/task/description.md"} <= set(names)
    assert f"halves/{client_wheel().name}" in names
    unwanted = ("prepare.py", "expected.json", "__pycache__", "private")
    assert not [name for name in names if "/task/" in name and any(u in name for u in unwanted)]
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def test_the_kit_tells_no_threshold_of_suspicion(cast: Cast, settings: Settings) -> None:
    spec = Path(settings.TASKS_DIR) / "halves" / "task.toml"
    spec.write_text(spec.read_text().replace("[metrics]", "[metrics]\ntoo_good = 0.013 # a secret"))
    shown = _zip(cast, "kit").read("halves/task/task.toml").decode()
    assert "too_good" not in shown and "a secret" not in shown
    assert shown == spec.read_text().replace("too_good = 0.013 # a secret\n", "")


def test_a_threshold_that_would_be_told_stops_the_download(cast: Cast, settings: Settings) -> None:
    spec = Path(settings.TASKS_DIR) / "halves" / "task.toml"
    spec.write_text(spec.read_text().replace("[metrics]", '[metrics]\n"too_good" = 0.013'))
    response = client_of(cast.student).get("/api/v1/competitions/halves/kit")
    assert response.status_code == 503
    assert b"0.013" not in response.content


def test_all_tasks_have_kits_that_tell_none() -> None:
    for spec in (ROOT / "tasks").glob("*/task.toml"):
        assert "too_good" not in kit_task(spec).read_text()


def test_the_requirements_of_each_kit_install_the_wheel_beside_them() -> None:
    for requirements in (ROOT / "starter_kits").glob("*/requirements.txt"):
        assert f"./{client_wheel().name}" in requirements.read_text().splitlines()


def test_the_kit_follows_its_files(competition: Competition, settings: Settings) -> None:
    first = kit_archive(task_version=competition.task_version)
    assert kit_archive(task_version=competition.task_version) == first
    (Path(settings.KITS_DIR) / "halves" / "README.md").write_text("Read me again.\n")
    second = kit_archive(task_version=competition.task_version)
    assert second != first
    assert b"again" in zipfile.ZipFile(second).read("halves/README.md")


def test_the_main_scripts_come_as_notebooks_too(
    competition: Competition, settings: Settings
) -> None:
    script = Path(settings.KITS_DIR) / "halves" / "train_torch.py"
    script.write_text("# %% [markdown]\n# # Halves\n\n# %%\nprint(1)\n")
    archive = zipfile.ZipFile(kit_archive(task_version=competition.task_version))
    names = archive.namelist()
    assert {"halves/train_torch.py", "halves/torch.ipynb"} <= set(names)
    assert "halves/keras.ipynb" not in names
    assert '"# Halves"' in archive.read("halves/torch.ipynb").decode()
    script.write_text(script.read_text().replace("1", "2"))
    archive = zipfile.ZipFile(kit_archive(task_version=competition.task_version))
    assert "print(2)" in archive.read("halves/torch.ipynb").decode()


def test_a_task_without_a_kit_says_so(cast: Cast, settings: Settings) -> None:
    shutil.rmtree(Path(settings.KITS_DIR) / "halves")
    response = client_of(cast.student).get("/api/v1/competitions/halves/kit")
    assert response.status_code == 404
    assert "no starter kit" in response.json()["detail"]


def test_changed_data_is_not_given_out(
    cast: Cast, competition: Competition, settings: Settings
) -> None:
    (ready,) = Path(settings.DATA_DIR).rglob("ready.json")
    ready.write_text('{"data_version": "' + "f" * 64 + '"}')
    response = client_of(cast.student).get("/api/v1/competitions/halves/data")
    assert response.status_code == 503
    assert str(settings.DATA_DIR) not in response.content.decode()


def test_students_wait_for_the_opening_and_staff_does_not(
    cast: Cast, competition: Competition
) -> None:
    competition.opens_at = timezone.now() + timedelta(hours=1)
    competition.save()
    for path in ("kit", "data"):
        address = f"/api/v1/competitions/halves/{path}"
        refused = client_of(cast.student).get(address)
        assert refused.status_code == 403
        assert refused.json()["retry_at"] == competition.opens_at.isoformat()
        assert client_of(cast.assistant).get(address).status_code == 200
