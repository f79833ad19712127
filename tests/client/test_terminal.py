"""Others' texts on one's terminal."""

import io

import pytest

from evaluators.metrics.words import metric_text
from springboard.progress import Progress
from springboard.terminal import plain, plain_lines, table


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "a\rb", "a\x07", "\x9b31m", "a\u202eb", "a\nb", "\ud800"]
)
def test_nothing_in_a_line_can_command_the_terminal(text: str) -> None:
    shown = plain(text)
    assert all(c.isprintable() or c == "\N{REPLACEMENT CHARACTER}" for c in shown)
    assert shown != text


def test_lines_and_tabs_of_a_log_stay() -> None:
    assert plain_lines("a\tb\r\nc\rd\n\x1b[0m") == "a\tb\nc\nd\n\N{REPLACEMENT CHARACTER}[0m"


def test_letters_of_all_languages_stay() -> None:
    text = "Žluťoučký kůň, 日本, emoji 🎉"
    assert plain(text) == text


def test_columns_line_up_whatever_the_letters() -> None:
    lines = table(("team", "n"), [("日本", "1"), ("abcd", "10")], frozenset({1})).splitlines()
    assert lines == ["team   n", "日本   1", "abcd  10"]


def test_a_team_s_name_can_t_break_a_table() -> None:
    assert len(table(("team",), [("a\nb",)], frozenset()).splitlines()) == 2


def test_an_unknown_metric_is_shown_too() -> None:
    assert metric_text("brand_new", 0.5) == "0.5000"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_rewrites_its_line_on_a_terminal() -> None:
    stream = Terminal()
    line = Progress("uploading", quiet=False, stream=stream)
    line.update(1 << 20, 4 << 20)
    line.update(4 << 20, 4 << 20)
    line.end()
    assert "uploading   25 %  1.0 of 4.0 MB" in stream.getvalue()
    assert stream.getvalue().endswith("\ruploading  100 %  4.0 of 4.0 MB\x1b[K\n")


def test_progress_is_one_line_elsewhere_and_none_where_it_is_unwanted() -> None:
    stream, silent = io.StringIO(), Terminal()
    for quiet, target in ((False, stream), (True, silent)):
        line = Progress("uploading", quiet=quiet, stream=target)
        line.update(1 << 20, 0)
        line.update(2 << 20, 0)
        line.end()
        line.end()
    assert stream.getvalue() == "uploading  2.0 MB\n"
    assert silent.getvalue() == ""
