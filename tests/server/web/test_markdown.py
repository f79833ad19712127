"""What task authors and staff write becomes text and links, whatever they write."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.web.markdown import ATTRIBUTES, SCHEMES, TAGS, markdown_render

HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT/x>alert(1)</SCRIPT\n>",
    "<div>\n\n<script src=//example.org></script>\n\n</div>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<style>body { background: url(//example.org) }</style>",
    '<base href="//example.org/">',
    '<form action="//example.org"><input name=password></form>',
    '<meta http-equiv="refresh" content="0;url=//example.org">',
    "<!-- <script> --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    "<javascript:alert(1)>",
    "<https://example.org/\"onmouseover='alert(1)>",
    '[x](https://example.org "title\\" onmouseover=alert(1)")',
    "[x](https://example.org/'onclick='alert(1))",
    "[a [b](javascript:alert(1))](https://example.org)",
    "[![x](https://example.org/x.png)](javascript:alert(1))",
    "![x](https://example.org/follow.png)",
    "![x](//example.org/follow.png)",
    "![x](data:image/png;base64,AAAA)",
    '![x" onerror="alert(1)](x "y\\" onload=\\"alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "```<script>\nx\n```",
    "```js\" onclick=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>alert(1)</script>",
    "`</code><script>alert(1)</script>`",
    "$$\\href{javascript:alert(1)}{x}$$ \\(\\require{html}\\class{x}{y}\\)",
    "| a | <b onclick=alert(1)> |\n|---|---|\n| [x](javascript:alert(1)) | </table><script> |",
    "1. <li><script>alert(1)</script>",
    "> <blockquote onclick=alert(1)>",
    "# <h1 onclick=alert(1)>\n\n## [x](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e\u2066<script>\u2069",
    "\x00<script>\x00",
    "[" * 2000 + "x" + "](y)" * 2000,
    "*_" * 2000,
    "> " * 500 + "x",
)  # fmt: skip


class _Reader(HTMLParser):
    """Notes what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def _check(text: str) -> None:
    made = str(markdown_render(text))
    reader = _Reader()
    reader.feed(made)
    reader.close()
    assert reader.others == []
    for tag, attributes in reader.found:
        assert tag in TAGS
        may = ATTRIBUTES.get(tag, set()) | {"a": {"rel"}, "table": {"class"}}.get(tag, set())
        assert set(attributes) <= may
        href = attributes.get("href")
        if href is not None:
            assert urlsplit(href).scheme in {"", *SCHEMES}
            assert attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_it_acts(text: str) -> None:
    _check(text)
    _check(f"# Title\n\nBefore {text} after\n\n- {text}\n")


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE[:48]) | st.text(max_size=20), max_size=8))
def test_nothing_of_any_mixture_acts(parts: list[str]) -> None:
    _check(" ".join(parts))
    _check("\n".join(parts))


def test_what_is_meant_stays() -> None:
    made = markdown_render(
        "# Title\n\n## Data\n\n**Bold**, _leaning_, `code`, [a link](https://example.org/a?b=1&c=2),"
        " [mail](mailto:a@example.org), [the kit](kit/)\n\n1. one\n2. two\n\n"
        "| a | b |\n|--:|---|\n| 1 | 2 |\n\n```python\nprint('<b>')\n```\n"
    )
    for piece in (
        "<h3>Data</h3>",
        "<strong>Bold</strong>, <em>leaning</em>, <code>code</code>",
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer">a link</a>',
        '<a href="mailto:a@example.org"',
        '<a href="kit/"',
        "<ol>\n<li>one</li>",
        '<table class="table">',
        "<td>1</td>",
        "<pre><code>print('&lt;b&gt;')\n</code></pre>",
    ):
        assert piece in made
    assert "Title" not in made


def test_a_picture_becomes_a_link_to_it() -> None:
    made = markdown_render("![what *it* shows](https://example.org/x.png)")
    assert 'href="https://example.org/x.png"' in made and "shows</a>" in made
    assert "<img" not in made
