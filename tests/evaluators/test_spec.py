"""`task.toml` is read strictly: an error names the file, the key and the fix."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from evaluators.errors import TaskError
from evaluators.spec import TaskSpec, spec_load, spec_parse, task_version
from evaluators.task import task_find, task_load, tasks_find

TEXT = """
title = "Digits"
summary = "Say which digit it is."
evaluator = "batch"
framework_hint = ["keras", "torch"]

[input.image]
dtype = "float32"
shape = ["n", 28, 28, 1]

[input.table]
dtype = "float32"
shape = ["n", 2]
columns = ["hour", "day"]

[output.digit]
dtype = "float32"
shape = ["n", 3]
kind = "probabilities"
classes = ["a", "b", "c"]

[metrics]
primary = "log_loss"
secondary = ["accuracy"]

[split]
public_fraction = 0.3

[limits]
wall_seconds = 60
memory_mb = 2048
artifact_mb = 50

[[source]]
package = "some-data==1.0"
archive = "wheel"
sha256 = "{sha}"
member = "data/x.csv"
member_sha256 = "{sha}"
name = "x.csv"
licence = "CC0"
""".replace("{sha}", "0" * 64)


def problem(old: str, new: str) -> str:
    """What is said about the text with one change."""
    assert old in TEXT
    with pytest.raises(TaskError) as caught:
        spec_parse(TEXT.replace(old, new, 1), file="tasks/digits/task.toml")
    text = str(caught.value)
    assert text.startswith("tasks/digits/task.toml is not ")
    return text


def test_the_table_of_keys_has_all_of_them() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "tasks.md").read_text(encoding="utf-8")
    first = re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
    named = {name for cell in first for name in re.findall(r"`\[*(\w+)", cell)}
    assert TaskSpec.model_fields.keys() <= named


def test_it_reads_a_task() -> None:
    spec = spec_parse(TEXT)
    assert spec.input["image"].item_shape == (28, 28, 1)
    assert spec.input["table"].columns == ("hour", "day")
    assert spec.output_name == "digit"
    assert spec.output["digit"].classes == ("a", "b", "c")
    assert spec.metrics.names == ("log_loss", "accuracy")
    assert spec.framework_hint == ("keras", "torch")
    assert spec.source[0].name == "x.csv"


def test_what_is_left_out_has_defaults() -> None:
    spec = spec_parse(TEXT)
    assert spec.resources.accelerator == "none"
    assert (spec.limits.cpus, spec.limits.log_kb, spec.limits.output_mb) == (1, 64, 16)
    assert (spec.points.trivial, spec.points.baseline, spec.points.reference) == (0, 60, 100)
    assert spec.split.group == "item"


def test_it_can_not_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        spec_parse(TEXT).limits.cpus = 64  # type: ignore[misc]


def test_it_survives_json() -> None:
    spec = spec_parse(TEXT)
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title =", "titel =", "titel: unknown key; did you mean 'title'?"),
        ("title =", "titel =", "title: is missing; add it"),
        ("[limits]", "[limit]", "limit: unknown key; did you mean 'limits'?"),
        ("wall_seconds", "wall_second", "limits.wall_second: unknown key; did you mean 'wall_se"),
        ("public_fraction", "fraction", "split.fraction: unknown key; did you mean 'public_fract"),
        ("primary", "primry", "metrics.primry: unknown key; did you mean 'primary'?"),
        ("columns", "colums", "input.table.colums: unknown key; did you mean 'columns'?"),
        ("classes", "clases", "output.digit.clases: unknown key; did you mean 'classes'?"),
        ("member =", "memder =", "source.0.memder: unknown key; did you mean 'member'?"),
        ("[split]", "[split]\nqqq = 1", "split.qqq: unknown key; known are group, public_fr"),
        ("[input.image]", "[inputs.image]", "inputs: unknown key; did you mean 'input'?"),
    ],
)
def test_unknown_keys_name_the_nearest(old: str, new: str, line: str) -> None:
    assert f"\n  {line}" in problem(old, new)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('["n", 28, 28, 1]', "[28, 28, 1]", 'input.image: shape begins with "n"'),
        ('["n", 28, 28, 1]', '["n", 28, "n"]', 'input.image: shape begins with "n"'),
        ('["n", 28, 28, 1]', '["n", 28, "x"]', 'input.image.shape.2: a shape is "n" first'),
        ('["n", 28, 28, 1]', '["n", 0]', "input.image.shape.1: a shape is"),
        ('["n", 28, 28, 1]', '["n", 2.5]', "input.image.shape.1: a shape is"),
        ('["n", 28, 28, 1]', '["n", true]', "input.image.shape.1: a shape is"),
        ('["n", 28, 28, 1]', '["n", 10000000]', "input.image.shape.1: a shape is"),
        ('["n", 28, 28, 1]', "[]", "input.image.shape: needs at least 1"),
        ('["n", 28, 28, 1]', '"n"', "input.image.shape: must be a list in brackets, not 'n'"),
        ('["n", 28, 28, 1]', '["n",1,1,1,1,1,1]', "input.image.shape: takes at most 6"),
        ('["hour", "day"]', '["hour"]', "input.table: columns needs a shape of two"),
        ('["n", 3]', '["n", 4]', 'output.digit: kind "probabilities" needs shape'),
        ('["n", 3]', '["n", 1, 3]', 'output.digit: kind "probabilities" needs shape'),
        ('["a", "b", "c"]', '["a", "b", "b"]', "output.digit: classes has a name twice"),
        ('dtype = "float32"', 'dtype = "float16"', "input.image.dtype: must be 'float32', "),
        ('dtype = "float32"', 'dtype = "object"', "not 'object'"),
    ],
)
def test_bad_shapes_and_types_say_what_is_wanted(old: str, new: str, line: str) -> None:
    assert line in problem(old, new)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"log_loss"', '"logloss"', "metrics: unknown metric 'logloss'; did you mean 'log"),
        ('"accuracy"', '"acuracy"', "metrics: unknown metric 'acuracy'; did you mean"),
        ('"accuracy"', '"qqq"', "unknown metric 'qqq'; known are accuracy, bits_per_character,"),
        ('"accuracy"', '"log_loss"', "metrics: a metric is listed twice"),
        ('"accuracy"', '"rmse"', "metric 'rmse' needs an output of kind \"values\""),
        ('kind = "probabilities"', "", "metric 'log_loss' needs an output of kind \"probabil"),
    ],
)
def test_metrics_must_be_known_and_fit(old: str, new: str, line: str) -> None:
    assert line in problem(old, new)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('title = "Digits"', "title = 3", "title: must be text in quotes, not 3"),
        ('title = "Digits"', 'title = ""', "title: must have at least 1 characters"),
        ('"batch"', '"x"', "evaluator: must be 'batch' or 'lockstep', not 'x'"),
        ('"keras", "torch"', '"jax"', "framework_hint.0: must be 'keras', 'torch' or 'sklearn'"),
        ("seconds = 60", 'seconds = "60"', "limits.wall_seconds: must be a whole number, not '60'"),
        ("seconds = 60", "seconds = 60.0", "limits.wall_seconds: must be a whole number, not 60.0"),
        ("seconds = 60", "seconds = true", "limits.wall_seconds: must be a whole number, not true"),
        ("seconds = 60", "seconds = 0", "limits.wall_seconds: must be at least 1, not 0"),
        ("seconds = 60", "seconds = 9999", "limits.wall_seconds: must be at most 3600, not 9999"),
        ("fraction = 0.3", "fraction = 0", "split.public_fraction: must be more than 0"),
        ("fraction = 0.3", "fraction = 30", "split.public_fraction: must be less than 1"),
        ("fraction = 0.3", "fraction = nan", "split.public_fraction: must be a finite number"),
        (
            "[split]",
            "[points]\nbaseline = inf\n[split]",
            "points.baseline: must be a finite number",
        ),
        ("[split]", "[resources]\naccelerator = 'tpu'\n[split]", "resources.accelerator: must be"),
        ("[metrics]", "[[metrics]]", "metrics: must be a table, not ["),
        ("[[source]]", "[source]", "source: must be a list in brackets"),
        ("[input.image]", "[input.Image]", "input.Image: 'Image' does not have the form"),
        ("[input.image]", '[input."../x"]', "input.../x: '../x' does not have the form"),
        (
            "[output.digit]",
            "[output.x]\ndtype = 'uint8'\nshape = ['n']\n[output.digit]",
            "at most 1",
        ),
        ("some-data==1.0", "some-data", "source.0.package: 'some-data' does not have the form"),
        ("some-data==1.0", "--index==1", "source.0.package: '--index==1' does not have the form"),
        ("some-data==1.0", "-r evil==1", "source.0.package: '-r evil==1' does not have the form"),
        ('name = "x.csv"', 'name = "../x.csv"', "source.0.name: name is a plain file name"),
        ('name = "x.csv"', 'name = ".."', "source.0.name: name is a plain file name"),
        ('name = "x.csv"', 'name = ""', "source.0.name: name is a plain file name"),
        ("0" * 64, "0" * 63, "source.0.sha256: '000"),
    ],
)
def test_other_errors_speak_toml(old: str, new: str, line: str) -> None:
    text = problem(old, new)
    assert line in text
    assert "Input should" not in text


def test_all_errors_are_told_at_once() -> None:
    text = TEXT.replace("title", "titel").replace("0.3", "3").replace("log_loss", "logloss")
    with pytest.raises(TaskError) as caught:
        spec_parse(text)
    assert len(str(caught.value).splitlines()) == 5


def test_an_error_in_toml_names_the_line() -> None:
    assert "is not valid TOML: " in problem("[limits]", "[limits")
    assert "line" in problem("[limits]", "[limits")


def test_a_missing_file_says_what_a_task_is(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="A task is a folder with a task.toml"):
        spec_load(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TaskError, match=str(tmp_path)):
        spec_load(tmp_path)


def task_folder(root: Path, slug: str) -> Path:
    folder = root / slug
    folder.mkdir()
    (folder / "task.toml").write_text(TEXT)
    (folder / "prepare.py").write_text("def prepare(raw, public, private, seed): ...")
    return folder


def test_the_version_covers_what_decides_the_judging(tmp_path: Path) -> None:
    folder = task_folder(tmp_path, "digits")
    first = task_version(folder)
    (folder / "description.md").write_text("Words don't judge.")
    assert task_version(folder) == first
    (folder / "prepare.py").write_text("def prepare(raw, public, private, seed): return")
    second = task_version(folder)
    (folder / "task.toml").write_text(TEXT.replace("0.3", "0.4"))
    assert len({first, second, task_version(folder)}) == 3


def test_tasks_are_found_by_slug(tmp_path: Path) -> None:
    for slug in ("digits", "bikes"):
        task_folder(tmp_path, slug)
    (tmp_path / "notes").mkdir()
    assert [task.slug for task in tasks_find(tmp_path)] == ["bikes", "digits"]
    assert task_find(tmp_path, "bikes") == task_load(tmp_path / "bikes")
    assert task_load(tmp_path / "bikes").description == ""


def test_an_unknown_task_names_the_nearest(tmp_path: Path) -> None:
    task_folder(tmp_path, "digits")
    with pytest.raises(TaskError, match="no task 'digit' .*; did you mean 'digits'"):
        task_find(tmp_path, "digit")


@pytest.mark.parametrize("slug", ["..", "../secret", "/etc", "", "a/b"])
def test_a_slug_is_no_path(tmp_path: Path, slug: str) -> None:
    root = tmp_path / "tasks"
    root.mkdir()
    task_folder(tmp_path, "secret")
    (tmp_path / "task.toml").write_text(TEXT)
    with pytest.raises(TaskError, match="no task"):
        task_find(root, slug)
