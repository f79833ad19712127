"""The images that `make images` builds, run as docker/compose.yaml runs them."""

import inspect
import io
import json
import os
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import httpx
import pytest
from docker.models.containers import Container

from evaluators.sandbox.docker.ownership import SPACE_LABEL
from tests.docker import people
from tests.docker.compose import example
from tests.docker.containers import SERVER_USER, Containers, containers, files_of, told
from tests.server.processes import free_port
from tests.server.tiny_task import MODEL, tiny_task_write

pytestmark = [pytest.mark.docker, pytest.mark.slow]

RUNTIME = "springboard-runtime-cpu:local"
CRASH = MODEL.replace('print("loading")', "import os; os._exit(3)")
FRAMEWORKS = "numpy, scipy, pandas, sklearn, onnxruntime, torch, tensorflow, keras, skops"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def stack(built: docker.DockerClient, port: int) -> Iterator[Containers]:
    socket = Path(os.environ.get("DOCKER_HOST", "/var/run/docker.sock").removeprefix("unix://"))
    settings = example() | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "POSTGRES_PASSWORD": "unused",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BIND": f"127.0.0.1:{port}",
        "DOCKER_GROUP": str(socket.stat().st_gid),
        "DOCKER_SOCKET": str(socket),
        "SPRINGBOARD_SANDBOX": "docker+runc",
    }
    with containers(built, settings) as started:
        yield started


@pytest.fixture(scope="module")
def set_up(stack: Containers, tmp_path_factory: pytest.TempPathFactory) -> Containers:
    """The database, static files and the students' package, with one competition open."""
    stack.run("setup")
    tasks = stack.put(tiny_task_write(tmp_path_factory.mktemp("made") / "tasks").parent)
    stack.environment["SPRINGBOARD_TASKS"] = tasks
    stack.run("tasks", "load")
    stack.run(
        "web", "python", "manage.py", "shell", "--no-imports", "-c",
        f"{inspect.getsource(people)}\nmain()",
    )  # fmt: skip
    return stack


@pytest.fixture(scope="module")
def web(set_up: Containers, port: int) -> Container:
    container = set_up.start("web")
    wait_for(lambda: told(container, "python", "-m", "server.health")[0] == 0, container)
    return container


def wait_for(what: Callable[[], bool], container: Container, *, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, container.logs().decode()[-4000:]
        time.sleep(0.5)


def ask(port: int, method: str, path: str, token: str = "", **options: Any) -> Any:
    """Asks the API as a proxy with TLS would."""
    headers = {"X-Forwarded-Proto": "https"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = httpx.request(
        method, f"http://127.0.0.1:{port}/api/v1/{path}", headers=headers, timeout=30, **options
    )
    assert answer.is_success, answer.text
    return answer.json()


def packed(model: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model.py", model)
    return file.getvalue()


def test_the_server_is_ready_for_others(set_up: Containers) -> None:
    command = ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    assert "no issues" in set_up.run("web", *command)


def test_the_web_process_is_an_ordinary_user_who_can_change_nothing(web: Container) -> None:
    assert told(web, "id", "-u") == (0, f"{SERVER_USER}\n")
    for place in ("/x", "/opt/springboard/server/x", "/opt/springboard/venv/x", "/var/x"):
        status, printed = told(web, "touch", place)
        assert status != 0, place
        assert "Read-only file system" in printed or "Permission denied" in printed
    assert told(web, "test", "-e", "/run/engine.sock")[0] == 1
    _, printed = told(web, "grep", "-E", "^(NoNewPrivs|CapEff)", "/proc/1/status")
    assert printed.split() == ["CapEff:", "0" * 16, "NoNewPrivs:", "1"]


def test_pages_and_static_files_are_served(web: Container, port: int) -> None:
    server, headers = f"http://127.0.0.1:{port}", {"X-Forwarded-Proto": "https"}
    page = httpx.get(f"{server}/login/", headers=headers)
    assert (page.status_code, page.headers["X-Frame-Options"]) == (200, "DENY")
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert httpx.get(server + style, headers=headers).headers["Content-Type"].startswith("text/css")
    assert httpx.get(f"{server}/login/").headers["Location"] == f"https://127.0.0.1:{port}/login/"


def test_a_worker_judges_in_containers_beside_its_own(
    set_up: Containers, web: Container, port: int, built: docker.DockerClient
) -> None:
    credentials = {"username": "student", "password": people.PASSWORD, "name": "test"}
    token = ask(port, "POST", "tokens", json=credentials)["token"]
    good, crash = (
        ask(
            port, "POST", "competitions/halves/submissions", token,
            files={"file": ("model.zip", packed(model))},
        )["id"]
        for model in (MODEL, CRASH)
    )  # fmt: skip
    worker = set_up.start("worker")

    def shown(submission: str) -> Any:
        return ask(port, "GET", f"submissions/{submission}", token)

    wait_for(lambda: all(shown(one)["status"] == "done" for one in (good, crash)), worker)
    assert shown(good)["verdict"] == "scored", shown(good)
    assert "loading" in shown(good)["practice_log"]
    assert shown(crash)["verdict"] == "runtime_error"
    board = ask(port, "GET", "competitions/halves/leaderboard", token)["results"]
    assert [(row["rank"], row["team"]) for row in board] == [(1, "student")]
    printed = set_up.run(
        "web", "python", "manage.py", "shell", "--no-imports", "-c",
        "import json; from server.submissions.models import Evaluation as E\n"
        "print(json.dumps(list(E.objects.values_list('provenance', flat=True))))",
    )  # fmt: skip
    for provenance in json.loads(printed.splitlines()[-1]):
        assert provenance["sandbox"] == "docker+runc"
        assert provenance["runtime"] == built.images.get(RUNTIME).id
    # Others may use the same engine: what this worker made bears the name of its PID namespace.
    code = "from evaluators.processes import process_space; print(process_space())"
    status, space = told(worker, "python", "-c", code)
    assert status == 0, space
    left = f"{SPACE_LABEL}={space.strip()}"
    assert built.containers.list(all=True, filters={"label": left}) == []
    assert built.volumes.list(filters={"label": left}) == []


def test_the_clock_rings(set_up: Containers) -> None:
    set_up.environment["SPRINGBOARD_SWEEP_SECONDS"] = "1"
    beat = set_up.start("beat")
    wait_for(lambda: b"Sending due task sweep" in beat.logs(), beat)


def test_the_servers_image_holds_no_more_than_the_server(built: docker.DockerClient) -> None:
    files = files_of(built, "springboard-server:local")
    code = "opt/springboard/server/"
    top = {name.removeprefix(code).split("/")[0] for name in files if name.startswith(code)} - {""}
    assert top - {"__pycache__"} == {
        "manage.py", "pyproject.toml", "evaluators", "server", "client", "tasks", "starter_kits",
    }  # fmt: skip
    ours = [name for name in files if name.startswith(("opt/", "var/lib/springboard/", "build/"))]
    assert not [name for name in ours if name.endswith((".whl", ".sqlite3", ".env", "pip.conf"))]
    assert f"{code}server/__pycache__/wsgi.cpython-311.pyc" in files
    writable = [
        name
        for name, file in files.items()
        if name.startswith("opt/") and not file.issym() and (file.uid or file.mode & 0o022)
    ]
    assert writable == []


def test_history_names_no_index(built: docker.DockerClient) -> None:
    for image in ("springboard-server:local", RUNTIME):
        history = json.dumps(built.images.get(image).history())
        assert "PIP_" not in history


def test_the_runtimes_frameworks_start_for_any_user(built: docker.DockerClient) -> None:
    image = built.images.get(RUNTIME)
    code = (
        f"import {FRAMEWORKS}, importlib.util, pathlib\n"
        "for module in torch, tensorflow, keras:\n"
        "    source = pathlib.Path(module.__file__)\n"
        "    compiled = pathlib.Path(importlib.util.cache_from_source(source)).read_bytes()\n"
        "    made = int.from_bytes(compiled[8:12], 'little')\n"
        "    assert made == int(source.stat().st_mtime), source\n"
        "print(torch.ones(2).sum().item(), float(tensorflow.reduce_sum([1.0, 1.0])))\n"
    )
    printed = built.containers.run(
        image,
        [image.labels["org.springboard.python"], "-I", "-B", "-c", code],
        user="7341000:7341000",
        read_only=True,
        network_mode="none",
        cap_drop=["ALL"],
        tmpfs={"/tmp": ""},
        remove=True,
    )
    assert printed.split() == [b"2.0", b"2.0"]
