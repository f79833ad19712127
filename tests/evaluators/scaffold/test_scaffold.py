"""A new task works before it is edited, whatever its kind."""

import json
from pathlib import Path

import pytest

from evaluators.__main__ import main
from evaluators.check.check import task_check
from evaluators.errors import TaskError
from evaluators.expected import expected_load
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.scaffold.scaffold import TEMPLATES, Kind, NewTask, task_new
from evaluators.task import task_load
from tests.digits import KIT

every_kind = pytest.mark.parametrize("kind", list(Kind))


def new(folder: Path, kind: Kind = Kind.CLASSIFICATION, slug: str = "my_task") -> NewTask:
    return task_new(slug=slug, kind=kind, tasks=folder / "tasks", kits=folder / "starter_kits")


@every_kind
@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.runtime
def test_a_new_task_passes_its_check(kind: Kind, tmp_path: Path, bubblewrap: Sandbox) -> None:
    made = new(tmp_path, kind)
    findings = task_check(
        task=task_load(made.task),
        kit=made.kit,
        seed=Seed.create(),
        sandbox=bubblewrap,
        runtime=runtime_find(runtime_folder()),
        cache=tmp_path / "baselines",
        raw=None,
        say=print,
    )
    assert findings.passed, findings.markdown()
    compared = [one.text for one in findings.all if one.part == "baselines"]
    assert len(compared) == len(expected_load(made.task).solutions) == 2


@every_kind
def test_no_placeholder_is_left(kind: Kind, tmp_path: Path) -> None:
    made = new(tmp_path, kind, "birds_of_spring")
    assert "# Birds of spring" in (made.task / "description.md").read_text()
    for path in (*made.task.iterdir(), *made.kit.iterdir()):
        text = path.read_text()
        assert "{{" not in text, path
        if path.suffix == ".py":
            compile(text, path, "exec")


@every_kind
def test_it_says_where_to_edit(kind: Kind, tmp_path: Path) -> None:
    made = new(tmp_path, kind)
    for name in ("task.toml", "prepare.py", "description.md"):
        assert "EDIT" in (made.task / name).read_text(), name


@every_kind
def test_the_description_tells_the_pins(kind: Kind, tmp_path: Path) -> None:
    made = new(tmp_path, kind)
    text = (made.task / "description.md").read_text()
    for name, pin in expected_load(made.task).solutions.items():
        [row] = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
        assert row.endswith(f"| {pin.mean:.3f} ± {pin.sd:.3f} |")


@pytest.mark.parametrize("name", ["settings.py", "requirements.txt"])
def test_what_all_kits_have_is_the_same(name: str) -> None:
    template = TEMPLATES / "common" / "kit" / name
    assert template.read_bytes() == (KIT / name).read_bytes()


@pytest.mark.parametrize(
    "slug", ["", "My_task", "1st", "my-task", "../up", "a" * 41, "a/b", "a\n", "été"]
)
def test_a_bad_name_is_refused(slug: str, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="is no name for a task"):
        new(tmp_path, slug=slug)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("where", ["tasks", "starter_kits"])
def test_what_is_there_is_left_alone(where: str, tmp_path: Path) -> None:
    taken = tmp_path / where / "my_task"
    taken.mkdir(parents=True)
    (taken / "mine.txt").write_text("mine")
    with pytest.raises(TaskError, match="already: take another name"):
        new(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [taken / "mine.txt"]


def test_the_command_writes_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPRINGBOARD_TASKS", str(tmp_path / "tasks"))
    options = ["new", "birds", "--kind", "regression", "--kits", str(tmp_path / "kits")]
    assert main(options) == 0
    told = capsys.readouterr().out
    task, kit = tmp_path / "tasks" / "birds", tmp_path / "kits" / "birds"
    assert f"python -m evaluators check {task} --kit {kit}" in told
    assert json.loads((task / "expected.json").read_text())["primary"] == "rmse"
    assert (kit / "train_sklearn.py").is_file()

    assert main(options) == 2
    assert f"there is {task} already" in capsys.readouterr().err
