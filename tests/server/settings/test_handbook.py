"""What the operator's pages name is there."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.core.management import get_commands

from evaluators.devices.xids import HARDWARE

ROOT = Path(__file__).resolve().parents[3]
PAGES = ["docs/operations.md", "docs/settings.md", "docs/gpu.md", "docker/README.md", "README.md"]
# In these the code asks for variables by their names.
READ_BY = ("server", "evaluators", "docker", "scripts")


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_it_links_to_exists(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", _text(page))
    here = [link for link in links if "://" not in link]
    assert [link for link in here if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_it_names_exists(page: str) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", _text(page)))
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_it_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", _text(page), re.MULTILINE))
    assert named - targets == set()


def test_every_setting_of_the_table_is_read() -> None:
    first = re.findall(r"^\| (`[^|]+) \|", _text("docs/settings.md"), re.MULTILINE)
    named = {name for cell in first for name in re.findall(r"`([A-Z_]+)\*?`", cell)}
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in READ_BY
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sh", ".yaml"}
    )
    assert len(named) > 25
    assert {name for name in named if name.rstrip("_") not in code} == set()


def test_every_variable_that_the_settings_read_is_in_the_table() -> None:
    code = "".join(path.read_text() for path in (ROOT / "server" / "settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    table = _text("docs/settings.md")
    assert len(read) > 20
    assert {
        name for name in read if name not in table and not name.startswith("SECURE_HSTS_")
    } == set()


def test_its_proxy_reads_a_request_whole() -> None:
    assert "proxy_request_buffering" not in _text("docs/operations.md")


def test_every_hardware_error_of_a_gpu_has_a_row() -> None:
    rows = re.findall(r"^\| Xid ([^:|]+): ", _text("docs/gpu.md"), re.MULTILINE)
    named: set[int] = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", " ".join(rows)):
        named |= set(range(int(first), int(last or first) + 1))
    assert named == HARDWARE.keys()


def test_its_units_are_units() -> None:
    units = re.findall(
        r"`/etc/systemd/system/([\w.-]+)`.*?```ini\n(.*?)```",
        _text("docs/operations.md"),
        re.DOTALL,
    )
    assert [name.rsplit(".")[-1] for name, _ in units].count("service") == 3
    started = " ".join(re.findall(r"systemctl enable --now (.+)", _text("docs/operations.md")))
    for name, text in units:
        # systemd takes a name more than once.
        parsed = ConfigParser(strict=False, interpolation=None)
        parsed.read_string(text)
        assert parsed.has_section("Service" if name.endswith("service") else "Timer"), name
        # What one of them writes the others read.
        assert parsed.get("Service", "User", fallback="springboard") == "springboard", name
        assert ("User=" in text) == name.endswith("service"), name
        if parsed.has_section("Install"):
            assert name.removesuffix(".service") in started.split(), name
        for start in re.findall(r"ExecStart=\S+ manage\.py (\w+)", text):
            assert start in get_commands()
