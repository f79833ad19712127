"""Installed versions against a kit's pins."""

import importlib.metadata
from pathlib import Path

from springboard.versions import version_differences

NUMPY = importlib.metadata.version("numpy")


def test_it_names_a_version_that_differs(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("# versions\nnumpy==1.0.0; python_version > '3'\n")
    assert version_differences(tmp_path / "requirements.txt") == (
        f"numpy is {NUMPY} here, but 1.0.0 on the server",
    )


def test_equal_and_missing_packages_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(f"numpy=={NUMPY}\nno-such-package-here==1\n")
    assert version_differences(tmp_path / "requirements.txt") == ()


def test_a_kit_without_pins_has_no_differences(tmp_path: Path) -> None:
    assert version_differences(tmp_path / "requirements.txt") == ()
