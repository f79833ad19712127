"""A `task.toml` of any text: a task, or an error of its author that can be shown."""

import json
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from evaluators.errors import TaskError
from evaluators.spec import TaskSpec, spec_parse

TASKS = Path(__file__).resolve().parents[2] / "tasks"
REAL = sorted(path.read_text(encoding="utf-8") for path in TASKS.glob("*/task.toml"))
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
    | st.sampled_from(["n", "float32", "rmse", "batch", "lockstep", "2024-01-01", "x" * 5000]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abn_", max_size=4), inner),
    max_leaves=8,
)
KEYS = st.sampled_from([*TaskSpec.model_fields, "unknown", "limits", "output"])
INNER = st.sampled_from(
    ["dtype", "shape", "kind", "classes", "columns", "primary", "secondary", "wall_seconds", "a",
     "public_fraction", "name", "trivial", "accelerator", "title", "value", "sha256"]
)  # fmt: skip


def parsed(text: str) -> None:
    try:
        spec = spec_parse(text)
    except TaskError as error:
        told = str(error)
        assert told.startswith("task.toml is not")
        assert len(told) < 200_000
    else:
        assert TaskSpec.model_validate_json(spec.model_dump_json()) == spec


@given(st.text(max_size=200))
@example("a = " + "[" * 5000)
@example("a = " + "9" * 5000)
@example("[" + "a." * 3000 + "b]")
@example("a = 1e999\nb = nan")
@example("a = 9999-99-99")
@example("\x00")
@example('title = "\\ud800"')
def test_texts_that_are_no_task(text: str) -> None:
    parsed(text)


@given(st.sampled_from(REAL), st.integers(0), st.integers(0, 80), st.text(max_size=6))
def test_real_tasks_with_a_mistake_in_them(text: str, at: int, gone: int, put: str) -> None:
    at %= len(text)
    parsed(text[:at] + put + text[at + gone :])


@given(st.sampled_from(REAL), KEYS, VALUES)
def test_real_tasks_with_another_value(text: str, key: str, value: Any) -> None:
    parsed(f"{key} = {toml(value)}\n{text}")
    lines = [line for line in text.splitlines() if not line.startswith(f"{key} ")]
    parsed("\n".join([f"{key} = {toml(value)}", *lines]))


@given(st.sampled_from(REAL), KEYS, st.dictionaries(INNER, VALUES, max_size=3))
def test_real_tasks_with_another_table(text: str, key: str, table: dict[str, Any]) -> None:
    rest = "\n".join(f"{inner} = {toml(value)}" for inner, value in table.items())
    parsed(f"{text}\n[{key}.another]\n{rest}\n")
    parsed(f"{text}\n[[{key}]]\n{rest}\n")
    parsed(text.replace(f"[{key}]\n", f"[{key}]\n{rest}\n", 1))


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value).replace("\\/", "/")
