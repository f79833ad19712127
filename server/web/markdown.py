"""Turns Markdown of task authors and staff into HTML that can be shown on our pages.

Two layers, neither trusts the other: the parser escapes all HTML, and what it makes passes a
sanitiser that knows the few elements that a text needs.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# The page has a heading of its own above the text: the text's title is left out, and its other
# headings come below the page's.
HEADING_TOKENS = 3
HEADINGS = {f"h{level}": f"h{min(level + 1, 6)}" for level in range(1, 7)}

TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
VALUES = {"table": {"class": {"table"}}}
SCHEMES = {"http", "https", "mailto"}


def markdown_render(text: str) -> SafeString:
    """Renders Markdown with tables. HTML in it is shown as text, and pictures as links to them."""
    made = nh3.clean(
        str(_PARSER.render(text)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=VALUES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(made)  # noqa: S308 - the sanitiser made it


def _lower_headings(state: StateCore) -> None:
    if state.tokens and state.tokens[0].tag == "h1":
        del state.tokens[:HEADING_TOKENS]
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADINGS[token.tag]


def _mark_tables(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "table_open":
            token.attrSet("class", "table")


def _link_pictures(state: StateCore) -> None:
    """A picture of another server would tell it who reads this and when; a link does not."""
    for token in state.tokens:
        if token.children:
            token.children = [part for child in token.children for part in _without_picture(child)]


def _without_picture(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    opened = Token("link_open", "a", 1, attrs={"href": str(token.attrGet("src") or "")})
    return [opened, *(token.children or ()), Token("link_close", "a", -1)]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("mark_tables", _mark_tables)
    parser.core.ruler.push("link_pictures", _link_pictures)
    return parser


_PARSER = _parser()
