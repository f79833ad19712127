"""The catalogue: every message can be filled in, and a hostile detail can't spoil a page."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import evaluators
from evaluators.messages import CATALOGUE, DETAIL_CHARACTERS, message
from evaluators.verdicts import Verdict

SOURCES = sorted(Path(evaluators.__file__).parent.rglob("*.py"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def codes_used() -> set[str]:
    """The codes that our sources hand to SubmissionError or message()."""
    calls = (
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") in ("SubmissionError", "message", "refusal")
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@pytest.mark.parametrize("code", CATALOGUE)
def test_it_can_be_filled_in(code: str) -> None:
    entry = CATALOGUE[code]
    assert placeholders(entry.help) <= placeholders(entry.text)
    filled = message(code, **dict.fromkeys(placeholders(entry.text), "VALUE."))
    assert filled.text.endswith(".") and filled.help.endswith(".")
    assert "{" not in filled.text + filled.help
    assert entry.verdict is not Verdict.SCORED


def test_every_code_in_use_is_in_the_catalogue() -> None:
    used = codes_used()
    assert len(used) > 20
    assert used <= CATALOGUE.keys()


def test_every_verdict_has_a_message() -> None:
    assert {entry.verdict for entry in CATALOGUE.values()} == set(Verdict) - {Verdict.SCORED}


def test_a_missing_detail_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        message("unsafe_path", name="x")


@pytest.mark.parametrize(
    "detail", ["a\x1b[31mred", "a\nb", "a\u202eb", "\x00", "a\u2028b", "\ud800", "x" * 10_000]
)
def test_a_hostile_detail_is_tamed(detail: str) -> None:
    text = message("model_import_failed", error=detail).text
    assert text.isprintable()
    assert len(text) < DETAIL_CHARACTERS + 100
    text.encode()


def test_a_detail_is_no_template() -> None:
    assert "{0.__class__}" in message("model_import_failed", error="{0.__class__}").text


def test_numbers_keep_their_form() -> None:
    assert re.search(r"\b12\b", message("too_many_members", limit=12).text)
