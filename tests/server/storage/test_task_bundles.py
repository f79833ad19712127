"""What a worker believes of the tasks in the storage: only what their digests say."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from django.core.management import call_command
from pytest_django import Settings

from evaluators.errors import InfrastructureError, TaskError
from evaluators.installation import task_seed
from evaluators.prepared import data_digest
from server.competitions.datasets import task_held
from server.competitions.models import Competition
from server.competitions.task_bundles import bundle_key
from tests.services.bucket import NAME, Bucket

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(
    bucket: Bucket, competition: Competition, prepared_files: None, settings: Settings
) -> dict[str, str]:
    """The names of a task version that is in the bucket only."""
    (ready,) = Path(settings.DATA_DIR).rglob("ready.json")
    digest = data_digest(ready.parent)
    ready.write_text(f'{{"data_version": "{digest}"}}')
    call_command("tasks", "sync", stdout=io.StringIO())
    names = {"slug": "halves", "version": competition.task_version.version, "data_version": digest}
    assert bucket.keys("tasks/") == [bundle_key(**names)]
    ready.parent.rename(ready.parent.with_name("away"))
    return names


def _spoil(bucket: Bucket, names: dict[str, str], change: Callable[[bytes], bytes]) -> None:
    client, key = bucket.client(), bundle_key(**names)
    content = client.get_object(Bucket=NAME, Key=key)["Body"].read()
    client.put_object(Bucket=NAME, Key=key, Body=change(content))


def _rewritten(
    content: bytes, added: Mapping[str, bytes] = MappingProxyType({}), *, without: str = ""
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name != without:
                new.writestr(name, old.read(name))
        for name, text in added.items():
            new.writestr(name, text)
    return packed.getvalue()


def test_it_holds_the_task_its_data_and_its_seed(
    version: dict[str, str], settings: Settings
) -> None:
    with task_held(**version) as held:
        assert held.prepared.task.version == version["version"]
        assert (held.prepared.public / "practice.npz").read_bytes() == b"public" * 100
        assert held.seed.hex() == task_seed(settings.VAR_DIR, "halves").hex()
        assert held.prepared.folder.is_relative_to(settings.COPIES_DIR)


def test_a_second_look_needs_no_storage(bucket: Bucket, version: dict[str, str]) -> None:
    with task_held(**version):
        pass
    bucket.client().delete_object(Bucket=NAME, Key=bundle_key(**version))
    with task_held(**version) as held:
        assert held.prepared.data_version == version["data_version"]


def test_one_that_is_there_keeps_its_seed(
    bucket: Bucket, version: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    (away,) = Path(settings.DATA_DIR).rglob("away")
    away.rename(away.with_name(version["version"][:16]))
    first = task_seed(settings.VAR_DIR, "halves").hex()
    settings.VAR_DIR = tmp_path / "another"
    call_command("tasks", "sync", stdout=io.StringIO())
    with task_held(**version) as held:
        assert held.seed.hex() == first != task_seed(settings.VAR_DIR, "halves").hex()


def test_a_missing_one_says_where_to_put_it(bucket: Bucket, version: dict[str, str]) -> None:
    bucket.client().delete_object(Bucket=NAME, Key=bundle_key(**version))
    with pytest.raises(TaskError, match="run `manage.py tasks sync`"), task_held(**version):
        pass


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda old: old[: len(old) // 2], "damaged"),
        (lambda old: b"no zip", "damaged"),
        (lambda old: _rewritten(old, without="data/public/practice.npz"), "not what its name says"),
        (
            lambda old: _rewritten(old, {"data/private/more.npz": b"x"}),
            "not what its name says",
        ),
        (lambda old: _rewritten(old, {"files/halves/numpy.py": b"x"}), "which no task has"),
        (lambda old: _rewritten(old, {"data/ready.json": b"x"}), "which no task has"),
        (lambda old: _rewritten(old, {"data/public/../../x": b"x"}), "damaged"),
        (lambda old: _rewritten(old, {"/etc/x": b"x"}), "damaged"),
        (
            lambda old: _rewritten(old, {"seed": b"no number"}, without="seed"),
            "no seed",
        ),
        (lambda old: _rewritten(old, without="seed"), "no seed"),
    ],
)
def test_what_is_not_the_version_is_never_judged_with(
    bucket: Bucket,
    version: dict[str, str],
    settings: Settings,
    change: Callable[[bytes], bytes],
    told: str,
) -> None:
    _spoil(bucket, version, change)
    with pytest.raises(InfrastructureError, match=told), task_held(**version):
        pass
    assert not [path for path in settings.COPIES_DIR.iterdir() if path.suffix != ".lock"]
