"""The image that `make image` makes from a runtime of this machine."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import docker
import numpy
import pytest

from evaluators.errors import InfrastructureError
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.runtime import runtime_find
from scripts.runtime_image import CONTENT_LABEL, PACKAGES_LABEL, PLACE, PYTHON_LABEL, runtime_tree
from tests.docker.compose import ROOT
from tests.docker.containers import files_of

SECRET = "https://user:password@index.example.org/simple"
NAME = "springboard-runtime:test"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with numpy alone, and with settings that are nobody else's business."""
    folder = tmp_path_factory.mktemp("made") / "runtime"
    venv.create(folder, symlinks=True, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    source = Path(numpy.__file__).parent
    for path in (source, *source.parent.glob("numpy[-.]*")):
        shutil.copytree(path, packages / path.name)
    (folder / "pip.conf").write_text(f"[global]\nindex-url = {SECRET}\n")
    (folder / "private").write_text("of its owner")
    (folder / "private").chmod(0o600)
    return folder


def archive(runtime: Path, into: Path) -> dict[str, tarfile.TarInfo]:
    with into.open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "scripts.runtime_image", "tar"],
            cwd=ROOT, env=os.environ | {"SPRINGBOARD_RUNTIME": str(runtime)},
            stdout=file, check=True,
        )  # fmt: skip
    with tarfile.open(into) as packed:
        return {member.name: member for member in packed}


def labels(runtime: Path) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.runtime_image", "labels"],
        cwd=ROOT, env=os.environ | {"SPRINGBOARD_RUNTIME": str(runtime)},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_everybody_may_read_it_and_nothing_of_this_machine_is_told(
    runtime: Path, tmp_path: Path
) -> None:
    members = archive(runtime, tmp_path / "runtime.tar")
    for name, member in members.items():
        assert (member.uid, member.gid) == (0, 0), name
        assert member.isfile() or member.isdir() or member.issym(), name
        assert member.mode & 0o444 == 0o444, name
        assert not member.mode & 0o6000, name
        assert not member.isdir() or member.mode & 0o111 == 0o111, name
    place = str(PLACE).lstrip("/")
    assert f"{place}/private" in members
    assert f"{place}/pip.conf" not in members
    assert [name for name in members if name.startswith("etc/")] == ["etc/passwd", "etc/group"]
    assert not [name for name in members if str(runtime.parent).lstrip("/") in name]
    for needle in (SECRET, str(runtime)):
        assert needle.encode() not in (tmp_path / "runtime.tar").read_bytes()


def test_no_other_package_comes_along(runtime: Path) -> None:
    places = [str(path) for path in runtime_tree(runtime).paths]
    packages = [path for path in places if "site-packages/" in path or "dist-packages/" in path]
    assert packages
    assert [one for one in packages if not one.startswith(str(PLACE))] == []


def test_a_runtime_whose_interpreter_a_sandbox_would_hide_is_refused(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests' own folders are below /tmp, where every sandbox mounts a folder of its own.
    hidden = runtime.parent / "python"
    shutil.copy(Path(sys.executable).resolve(), hidden)
    python = runtime / "bin" / "python"
    target = python.readlink()
    python.unlink()
    python.symlink_to(hidden)
    try:
        with pytest.raises(InfrastructureError, match="lies elsewhere"):
            runtime_tree(runtime)
    finally:
        python.unlink()
        python.symlink_to(target)


def test_the_content_is_the_same_until_a_file_changes(runtime: Path) -> None:
    before = labels(runtime)
    (runtime / "lib" / "__pycache__").mkdir()
    (runtime / "lib" / "__pycache__" / "new.pyc").write_bytes(b"compiled")
    assert labels(runtime) == before
    (runtime / "lib" / "new.py").write_text("new = 1\n")
    after = labels(runtime)
    assert after.pop(CONTENT_LABEL) != before.pop(CONTENT_LABEL)
    assert after == before
    assert after[PACKAGES_LABEL] == runtime_find(runtime).digest


@pytest.mark.docker
def test_an_engine_takes_it_once_and_sandboxes_run_in_it(
    engine: docker.DockerClient, runtime: Path
) -> None:
    def make() -> str:
        return subprocess.run(
            [ROOT / "scripts" / "make_image.sh", NAME],
            env=os.environ | {"SPRINGBOARD_RUNTIME": str(runtime)},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    try:
        assert f"made {NAME}" in make()
        assert make().startswith(f"{NAME} is up to date\n")
        image = engine.images.get(NAME)
        assert image.labels[PYTHON_LABEL] == f"{PLACE}/bin/python"
        assert sandbox_select("docker+runc", image=NAME).runtime_digest == image.id
        here = f"{ROOT}/".lstrip("/")
        assert [name for name in files_of(engine, NAME) if name.startswith(here)] == []
    finally:
        engine.images.remove(NAME)


def test_an_engine_that_is_not_there_is_named(runtime: Path) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "make_image.sh", NAME],
        env=os.environ | {"DOCKER_HOST": "unix:///nowhere/docker.sock"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "unix:///nowhere/docker.sock" in done.stderr or "docker.io" in done.stderr
