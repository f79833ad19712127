"""What every starter kit's README and requirements promise."""

from pathlib import Path

import pytest

from evaluators.task import task_load
from server.competitions.notebooks import NAMES
from tests.digits import KIT, ROOT
from tests.starter_kits.installed import KITS
from tests.starter_kits.test_readme import pins

every_kit = pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit.name)


@every_kit
def test_it_names_every_file_of_the_kit(kit: Path) -> None:
    readme = (kit / "README.md").read_text()
    for path in kit.glob("*.py"):
        assert f"`{path.name}`" in readme, path.name


@every_kit
def test_its_pins_are_the_server_s(kit: Path) -> None:
    judged_with = pins(ROOT / "requirements" / "runtime.txt")
    judged_with["pydantic"] = pins(ROOT / "requirements" / "server.txt")["pydantic"]
    kit_pins = pins(kit / "requirements.txt")
    assert kit_pins and kit_pins.items() <= judged_with.items()


@every_kit
def test_it_states_the_task_s_limits(kit: Path) -> None:
    limits = task_load(ROOT / "tasks" / kit.name).spec.limits
    readme = (kit / "README.md").read_text()
    assert f"{limits.memory_mb} MB of memory" in readme
    assert f"{limits.wall_seconds} seconds" in readme
    assert limits.cpus == 1 and "one core" in readme


@every_kit
def test_its_curl_lines_are_those_of_the_api(kit: Path) -> None:
    readme = (kit / "README.md").read_text()
    assert 'curl -X POST "$SERVER/api/v1/tokens" -d username=NAME' in readme
    assert 'curl -X POST "$SERVER/api/v1/competitions/$COMPETITION/submissions"' in readme
    assert '-H "Authorization: Bearer $TOKEN"' in readme
    assert "-F file=@submissions/torch.zip" in readme


@every_kit
def test_its_settings_are_those_of_all_kits(kit: Path) -> None:
    assert (kit / "settings.py").read_bytes() == (KIT / "settings.py").read_bytes()


@every_kit
def test_its_main_scripts_become_notebooks(kit: Path) -> None:
    readme = (kit / "README.md").read_text()
    for name in NAMES:
        source = (kit / f"train_{name}.py").read_text()
        assert source.startswith("# %% [markdown]\n# # "), "a notebook begins with a title"
        assert source.count("# %% [markdown]") >= 4, "a notebook tells what it does"
        assert "__file__" not in source, "a notebook has none"
        assert f"`{name}.ipynb`" in readme
