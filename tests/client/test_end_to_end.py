"""A student's whole way, with the real server, worker and sandbox, from the wheel it gives out."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from evaluators.installation import task_seed
from evaluators.prepare import task_prepare
from evaluators.sandbox import sandbox_select
from evaluators.task import task_load
from server.accounts.models import ApiToken
from server.competitions.services import competition_create, task_register
from tests.client.installed import Installed, installed_make
from tests.server.cast import PASSWORD, cast_make
from tests.server.processes import free_port, process, wait_for
from tests.server.tiny_task import MODEL, tiny_task_write

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.sandbox,
    pytest.mark.django_db(transaction=True),
]

WORKER = ["manage", "worker", "--beat"]
WEB = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
KIT = {"README.md": "Read me.\n", "requirements.txt": "numpy\n", "train.py": "print('hello')\n"}
SCRIPT = """
import springboard
board = springboard.Springboard()
sent = board.submit("mine", competition="halves", message="from Python")
ended = board.wait(sent, timeout=60)
assert ended.is_scored, ended
assert ended.score("log_loss").low <= ended.score("log_loss").value
print(ended.score("accuracy").value, board.leaderboard("halves")[0].team, board.logs(sent))
try:
    board.submit("nothing.zip", competition="halves")
except springboard.UsageError as error:
    print(error)
"""


@dataclass(frozen=True)
class World:
    url: str
    log: Path


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> Iterator[World]:
    """A server with a competition, and its worker."""
    cast = cast_make()
    task = task_load(tiny_task_write(tmp_path / "tasks"))
    prepared = task_prepare(
        task=task,
        data_root=settings.DATA_DIR,
        seed=task_seed(settings.VAR_DIR, task.slug),
        sandbox=sandbox_select(),
        on_line=lambda line: None,
    )
    competition_create(
        course=cast.course,
        slug="halves",
        title="Halves",
        task_version=task_register(task=task, data_version=prepared.data_version),
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(days=1),
    )
    kit = tmp_path / "kits" / "halves"
    kit.mkdir(parents=True)
    for name, text in KIT.items():
        (kit / name).write_text(text)
    port, log = free_port(), tmp_path / "server.log"
    folders = {
        "SPRINGBOARD_TASKS": str(tmp_path / "tasks"),
        "SPRINGBOARD_KITS": str(tmp_path / "kits"),
    }
    url = f"http://127.0.0.1:{port}"
    with (
        process(WEB, log=log, BIND=f"127.0.0.1:{port}", **folders),
        process(WORKER, log=log, **folders),
    ):
        wait_for(lambda: _answers(url), seconds=60, log=log)
        yield World(url, log)


@pytest.fixture
def student(world: World, tmp_path: Path) -> Installed:
    """A student's computer, with the package as the kit's page says to install it."""
    installed = installed_make(tmp_path / "laptop")
    wheel = f"{world.url}/client/springboard-0.1.0-py3-none-any.whl"
    done = installed.pip("install", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stdout + done.stderr
    return installed


def test_from_the_wheel_to_the_board(world: World, student: Installed) -> None:
    # The server's own packages lie in the tests' environment too, so only ours are looked at.
    assert "springboard 0.1.0" not in student.pip("check").stdout
    logged_in = student.springboard("login", world.url, stdin=f"student\n{PASSWORD}\n")
    assert logged_in.returncode == 0, logged_in.stderr
    assert "as student" in logged_in.stdout
    listed = json.loads(student.springboard("competitions", "--json").stdout)
    assert [one["slug"] for one in listed] == ["halves"]

    downloaded = student.springboard("download", "halves")
    assert downloaded.returncode == 0, downloaded.stderr
    folder = student.home / "halves"
    assert {"README.md", "train.py", "springboard.toml", "task", "data"} <= {
        path.name for path in folder.iterdir()
    }
    assert (folder / "data" / "practice.npz").stat().st_size > 0

    (folder / "mine").mkdir()
    (folder / "mine" / "model.py").write_text(MODEL)
    checked = student.springboard("check", "mine", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    assert "mine: scored" in checked.stdout

    submitted = student.springboard("submit", "mine", "-m", "first", "--wait", cwd=folder)
    assert submitted.returncode == 0, submitted.stdout + submitted.stderr + world.log.read_text()
    assert ": scored" in submitted.stdout and "0.1054" in submitted.stdout
    with zipfile.ZipFile(folder / "bad.zip", "w") as archive:
        archive.writestr("model.py", "import nonesuch\n")
    failed = student.springboard("submit", "-f", "bad.zip", "--wait", "--json", cwd=folder)
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["verdict"] == "load_error"

    mine = json.loads(student.springboard("submissions", "--json", cwd=folder).stdout)
    assert [one["verdict"] for one in mine] == ["load_error", "scored"]
    assert [one["note"] for one in mine] == ["", "first"]
    logs = student.springboard("logs", mine[1]["id"])
    assert logs.stdout.strip() == "loading"
    newest = student.springboard("logs", cwd=folder)
    assert "nonesuch" in newest.stdout
    board = student.springboard("leaderboard", cwd=folder)
    assert "student" in board.stdout and "0.1054" in board.stdout

    again = student.springboard("download", "-p", ".", cwd=folder)
    assert again.returncode == 0, again.stderr
    (folder / "train.py").write_text("my own\n")
    refused = student.springboard("download", "-p", ".", cwd=folder)
    assert refused.returncode == 2
    assert "train.py" in refused.stderr and (folder / "train.py").read_text() == "my own\n"

    out = student.springboard("logout")
    assert out.returncode == 0, out.stderr
    assert not ApiToken.objects.filter(revoked__isnull=True).exists()
    nobody = student.springboard("submissions", cwd=folder)
    assert nobody.returncode == 3
    assert "springboard login" in nobody.stderr


def test_in_python_with_a_token_of_the_environment(world: World, student: Installed) -> None:
    issued = httpx.post(
        f"{world.url}/api/v1/tokens",
        json={"username": "student", "password": PASSWORD, "name": "notebook"},
    ).json()
    (student.home / "mine").mkdir()
    (student.home / "mine" / "model.py").write_text(MODEL)
    done = student.python(
        SCRIPT, SPRINGBOARD_SERVER=world.url, SPRINGBOARD_TOKEN=str(issued["token"])
    )
    assert done.returncode == 0, done.stderr + world.log.read_text()[-2000:]
    assert "1.0 student loading" in done.stdout
    assert "there is no nothing.zip" in done.stdout
    assert not (student.home / ".config").exists()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/competitions").status_code == 200
    except httpx.TransportError:
        return False
