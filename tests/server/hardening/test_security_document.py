"""What SECURITY.md points to is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_path_that_it_names_exists() -> None:
    named = set(re.findall(r"`((?:tests|docs|docker|requirements)/[\w./]*)`", TEXT))
    assert len(named) > 15
    # The operator writes that file.
    assert {path for path in named if not (ROOT / path).exists()} == {"docker/.env"}


def test_every_setting_that_it_names_is_read() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]{6,})[=`]", TEXT))
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("server", "evaluators")
        for path in (ROOT / folder).rglob("*.py")
    )
    assert len(named) > 6
    assert {name for name in named if f'"{name}"' not in code} == set()
