"""The compose files: everything that they name exists, and nothing is more open than it must be."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docker.compose import FOLDER, ROOT, example, services, text, variables

FILES = {
    "alone": ("compose.yaml",),
    "with GPUs": ("compose.yaml", "compose.gpu.yaml"),
    "behind a proxy": ("compose.yaml", "compose.proxy.yaml"),
    "with GPUs behind a proxy": ("compose.yaml", "compose.gpu.yaml", "compose.proxy.yaml"),
}
OURS = {"setup", "web", "worker", "worker-gpu", "beat", "tasks"}
TRUSTED = {"worker", "worker-gpu", "tasks"}
FILLED = example() | {
    "SECRET_KEY": "k" * 60,
    "POSTGRES_PASSWORD": "secret",
    "DOCKER_GROUP": "999",
}


@pytest.fixture(params=list(FILES.values()), ids=list(FILES))
def merged(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    return services(*request.param, settings=FILLED)


def test_every_service_is_locked(merged: dict[str, dict[str, Any]]) -> None:
    for name, service in merged.items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        # A third party's proxy begins as root and drops what it doesn't need itself.
        assert service.get("cap_drop") == ["ALL"] or name == "engine", name
        assert not {"privileged", "cap_add", "pid", "ipc", "network_mode"} & service.keys(), name


def test_only_what_serves_is_asked_how_it_is(merged: dict[str, dict[str, Any]]) -> None:
    """The image's own check asks the web process; workers have one of their own."""
    disabled = {"disable": True}
    for name in merged.keys() & OURS - {"web", "setup"}:
        check = merged[name]["healthcheck"]
        if name.startswith("worker"):
            assert check["test"] == ["CMD", "python", "manage.py", "workers", "--here"]
        else:
            assert check == disabled, name


def test_only_workers_reach_the_engine(merged: dict[str, dict[str, Any]]) -> None:
    for name, service in merged.items():
        socket = [one for one in service.get("volumes", []) if "docker.sock" in one]
        assert bool(socket) == (name in TRUSTED | {"engine"}), name
        assert ("DOCKER_HOST" in service.get("environment", {})) == (name in TRUSTED), name


def test_workers_know_their_containers_by_their_host_names(
    merged: dict[str, dict[str, Any]],
) -> None:
    assert not [name for name in merged.keys() & TRUSTED if "hostname" in merged[name]]


def test_only_the_web_process_is_reached_and_only_from_this_machine(
    merged: dict[str, dict[str, Any]],
) -> None:
    published = {name: one["ports"] for name, one in merged.items() if "ports" in one}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_what_sends_mail_or_uses_a_bucket_reaches_other_networks_and_nothing_else(
    merged: dict[str, dict[str, Any]],
) -> None:
    networks = yaml.safe_load(text("compose.yaml"))["networks"]
    assert {name for name, one in networks.items() if not one.get("internal")} == {"outside"}
    assert {one for service in merged.values() for one in service["networks"]} <= networks.keys()
    outside = {name for name, one in merged.items() if "outside" in one["networks"]}
    assert outside == merged.keys() & (OURS - {"beat"})


def test_what_is_trusted_with_the_engine_reaches_its_proxy_and_nothing_else(
    merged: dict[str, dict[str, Any]],
) -> None:
    there = {name for name, one in merged.items() if "engine" in one["networks"]}
    assert there == merged.keys() & (TRUSTED | {"engine"})


def test_what_is_named_exists(merged: dict[str, dict[str, Any]]) -> None:
    declared = yaml.safe_load(text("compose.yaml"))["volumes"]
    for name, service in merged.items():
        for needed in service.get("depends_on", {}):
            assert needed in merged, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("/") or source in declared, volume
        if name in OURS:
            assert service["image"] == "springboard-server:local"
            assert service["environment"]["DATABASE_URL"].startswith("postgres://springboard:")
            image = service["environment"].get("SPRINGBOARD_IMAGE", "springboard-runtime-cpu:local")
            dockerfile = image.removeprefix("springboard-").removesuffix(":local")
            assert (FOLDER / f"{dockerfile}.Dockerfile").is_file(), image


def test_every_variable_has_a_default_or_is_in_the_example() -> None:
    for file in ("compose.yaml", "compose.gpu.yaml", "compose.proxy.yaml"):
        needed = {name for name, default in variables(file).items() if default is None}
        assert needed <= example().keys(), file


def test_the_example_names_what_its_file_can_not_set(merged: dict[str, dict[str, Any]]) -> None:
    said = text("env.example").split("\n\n")[0]
    settings = (ROOT / "docs" / "settings.md").read_text()
    for name in merged.keys() & OURS:
        for variable in merged[name]["environment"]:
            filled = {**FILLED, variable: "theirs"}
            read = services("compose.yaml", "compose.gpu.yaml", settings=filled)[name]
            if read["environment"][variable] != "theirs" and f"`{variable}`" in settings:
                assert variable in said, name


@pytest.mark.parametrize("missing", ["POSTGRES_PASSWORD", "DOCKER_GROUP"])
def test_what_must_be_filled_in_is_asked_for(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        services("compose.yaml", settings={**FILLED, missing: ""})


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_compose_itself_reads_them(files: tuple[str, ...], tmp_path: Path) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed")
    for file in files:
        (tmp_path / file).write_text(text(file))
    (tmp_path / ".env").write_text("".join(f"{key}={value}\n" for key, value in FILLED.items()))
    chosen = [part for file in files for part in ("-f", str(tmp_path / file))]
    done = subprocess.run(
        ["docker-compose", *chosen, "config"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)["services"]
    assert read.keys() == services(*files, settings=FILLED).keys()


def test_dockerfiles_copy_what_the_context_has() -> None:
    for file in FOLDER.glob("*.Dockerfile"):
        content = file.read_text()
        assert content.count("ARG BASE=python:3.11-slim-bookworm\n") == 1, file
        for line in re.findall(r"^COPY (?!--from)(.+)$", content, re.MULTILINE):
            for source in line.split()[:-1]:
                assert (ROOT / source).exists(), f"{file}: {source}"


@pytest.mark.parametrize(
    ("framework", "has", "other"),
    [
        ("torch", r"torch==[\d.]+", "tensorflow"),
        ("tensorflow", r"tensorflow\[and-cuda\]==[\d.]+; sys_platform == \"linux\"", "torch"),
    ],
)
def test_an_image_for_gpus_has_one_framework(
    framework: str, has: str, other: str, tmp_path: Path
) -> None:
    dockerfile = text(f"runtime-gpu-{framework}.Dockerfile").replace("\\\n", " ")
    command = re.search(r"^RUN (\S+ .+? >requirements/gpu.txt)", dockerfile, re.MULTILINE)
    assert command
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    subprocess.run(["sh", "-euc", command[1]], cwd=tmp_path, check=True)
    wanted = (tmp_path / "requirements" / "gpu.txt").read_text().splitlines()
    pinned = [line for line in wanted if not line.startswith("#") and '!= "linux"' not in line]
    assert [line for line in pinned if re.fullmatch(has, line)]
    assert [line for line in pinned if line.startswith(other)] == []
    everything = (ROOT / "requirements" / "runtime.txt").read_text()
    for package in ("keras", "scikit-learn", "onnxruntime", "skops"):
        assert [line for line in pinned if line.startswith(f"{package}==") and line in everything]


def test_the_context_holds_no_secret() -> None:
    kept = [line[1:] for line in text("../.dockerignore").splitlines() if line.startswith("!")]
    assert text("../.dockerignore").splitlines()[1] == "*"
    for path in kept:
        assert (ROOT / path).exists(), path
    assert not {"var", ".git", "docker", ".venv", ".runtime"} & set(kept)
