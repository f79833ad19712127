"""How catalogues are read, and what is taken out of their texts."""

import pytest

from tests.tasks.language_detection.catalogues import task_code

code = task_code()

CATALOGUE = r'''
# Translators: somebody
#, fuzzy
msgid ""
msgstr ""
"Language: cs\n"
"Plural-Forms: nplurals=3; plural=(n==1) ? 0 : 1;\n"

#: some/file.py:3
msgid "Save"
msgstr "Uložit"
#, fuzzy
msgid "Guessed"
msgstr "Hádané"

#, python-format
msgctxt "verb"
msgid "Delete %(count)s page"
msgid_plural "Delete %(count)s pages"
msgstr[0] "Smazat stránku"
msgstr[1] "Smazat stránky"

msgid ""
"Two lines, "
"one \"text\"\\\n"
msgstr ""
"Dva řádky, "
"jeden \"text\"\\\n"

msgid "Not translated"
msgstr ""

#~ msgid "Old"
#~ msgstr "Staré"

#, fuzzy
#| msgid "Before"
msgid "Guessed again"
msgstr "Hádané znovu"

msgid "Last"
msgstr "Poslední"'''

ENTRIES = [
    ("Save", "Uložit"),
    ("Delete %(count)s page", "Smazat stránku"),
    ('Two lines, one "text"\\\n', 'Dva řádky, jeden "text"\\\n'),
    ("Last", "Poslední"),
]


def test_entries_of_a_catalogue() -> None:
    assert list(code.entries(CATALOGUE.splitlines())) == ENTRIES


def test_entries_need_no_empty_lines_between_them() -> None:
    lines = [line for line in CATALOGUE.splitlines() if line.strip()]
    assert list(code.entries(lines)) == ENTRIES


@pytest.mark.parametrize("lines", [[], ["garbage", '"more"'], ['msgid "only"'], ['msgstr "only"']])
def test_what_is_no_catalogue_has_no_entries(lines: list[str]) -> None:
    assert list(code.entries(lines)) == []


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Delete %(count)s pages", "Delete pages"),
        ("%(a)d of %(b)s", "of"),
        ("%s: %d %%", ":"),
        ("By {name} on {0:%d.%m.}.", "By on."),
        ("<a href=\"x\">Here</a> &amp; there", "Here & there"),
        ("Go to http://example.org/a?b now", "Go to now"),
        ("Two\n  lines\tand  more", "Two lines and more"),
        ('Titled "%(title)s" (%(n)d)', "Titled"),
        ("e\u0301cole\u200e\u00ad", "\u00e9cole"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("100% sure", "100% sure"),
        ("a\x00b", "a b"),
    ],
)  # fmt: skip
def test_what_is_the_program_s_is_taken_out(text: str, cleaned: str) -> None:
    assert code.clean(text) == cleaned


def test_long_texts_end_after_a_word() -> None:
    cut = code.clean("word " * 100)
    assert len(cut) <= code.LONGEST and cut.endswith("word")
    assert len(code.clean("x" * 400)) == code.LONGEST


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("„Uložit“, prosím!", ["Uložit", "prosím"]),
        ("L'homme + 3", ["L'homme", "3"]),
        ("日付を", ["日", "付", "を"]),
        ("IPv6アドレス", ["IPv6", "ア", "ド", "レ", "ス"]),
        ("... / +", []),
        ("हिन्दी", ["हिन्दी"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in code.word_spans(text)] == words


def test_nearness_is_the_share_of_common_groups() -> None:
    # " st", "str", "tra", "ran", "ana", "na " and the same with "any": four of eight in common.
    near = code.nearness(["strana", "quite other"], ["strany", "xyz"])
    assert near.tolist() == [pytest.approx(4 / 8), 0]
