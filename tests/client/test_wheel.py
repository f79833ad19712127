"""The wheel that the server builds and gives out."""

import importlib.metadata
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from django.test import Client
from packaging.requirements import Requirement
from pytest_django import Settings

from server.competitions.client_package import client_wheel
from springboard import __version__

ROOT = Path(__file__).parents[2]


def modules(folder: Path) -> set[str]:
    return {
        f"{folder.name}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*.py")
        if "__pycache__" not in path.parts
    }


# What authors of tasks use, and no student.
AUTHORS = ("evaluators/check/", "evaluators/scaffold/")


def test_it_holds_the_client_and_the_judge_whole() -> None:
    with zipfile.ZipFile(client_wheel()) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    client, judge = ROOT / "client" / "springboard", ROOT / "evaluators"
    judges = {name for name in modules(judge) if not name.startswith(AUTHORS)}
    assert names == modules(client) | judges | {"springboard/py.typed"}


def test_it_says_what_it_needs_and_no_web_framework() -> None:
    with zipfile.ZipFile(client_wheel()) as wheel:
        (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(wheel.read(name).decode())
        (points,) = (n for n in wheel.namelist() if n.endswith("entry_points.txt"))
        assert "springboard = springboard.cli:main" in wheel.read(points).decode()
    assert (metadata["Name"], metadata["Version"]) == ("springboard", __version__)
    needs = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    always = [need for need in needs if need.marker is None]
    assert {need.name for need in always} == {"httpx", "numpy", "pydantic"}
    # What the tests run with is what students may install.
    for need in needs:
        assert need.specifier.contains(importlib.metadata.version(need.name))


def test_the_same_sources_give_the_same_bytes(tmp_path: Path, settings: Settings) -> None:
    first = client_wheel().read_bytes()
    settings.VAR_DIR = tmp_path
    assert client_wheel().read_bytes() == first
    # Nothing is left of the building, here or beside the sources.
    assert len(list((tmp_path / "client").iterdir())) == 1
    assert not list((ROOT / "client").glob("*.egg-info")) and not (ROOT / "client/build").exists()


def test_it_is_built_once(tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path
    built = client_wheel()
    when = built.stat().st_mtime_ns
    assert client_wheel() == built and built.stat().st_mtime_ns == when


@pytest.mark.django_db
def test_everyone_may_fetch_it(client: Client) -> None:
    wheel = client_wheel()
    response = client.get(f"/client/{wheel.name}")
    assert response.status_code == 200
    assert response.getvalue() == wheel.read_bytes()
    assert client.post(f"/client/{wheel.name}").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["springboard-9.9.9-py3-none-any.whl", "x", "..%2F..%2Fdb"])
def test_another_version_is_not_there(client: Client, name: str) -> None:
    assert client.get(f"/client/{name}").status_code == 404
