"""Turns a task author's Markdown into HTML that can be shown on our pages."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# The page has a heading of its own above the text: the text's title is left out, and its other
# headings come below the page's.
HEADING_TOKENS = 3
HEADINGS = {f"h{level}": f"h{min(level + 1, 6)}" for level in range(1, 7)}


def markdown_render(text: str) -> SafeString:
    """Renders Markdown with tables. HTML in it is shown as text, and links run no scripts."""
    return mark_safe(str(_PARSER.render(text)))  # noqa: S308 - the parser escapes all HTML


def _lower_headings(state: StateCore) -> None:
    if state.tokens and state.tokens[0].tag == "h1":
        del state.tokens[:HEADING_TOKENS]
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADINGS[token.tag]


def _mark_links_and_tables(state: StateCore) -> None:
    for token in _flat(state.tokens):
        if token.type == "link_open" and "://" in str(token.attrGet("href")):
            token.attrSet("rel", "noopener noreferrer")
        if token.type == "table_open":
            token.attrSet("class", "table")


def _flat(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("mark_links_and_tables", _mark_links_and_tables)
    return parser


_PARSER = _parser()
