"""The README's own commands, run in the kit as it is downloaded."""

import json
import re
from pathlib import Path

import pytest

from tests.digits import KIT
from tests.starter_kits.conftest import Shell, Trained

README = (KIT / "README.md").read_text()


def pins(path: Path) -> dict[str, str]:
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return dict(line.split("==", 1) for line in lines if "==" in line and line[0].isalpha())


@pytest.mark.runtime
def test_training_and_checking_work_as_written(
    shell: Shell, trained: dict[str, Trained], readme_lines: list[str]
) -> None:
    assert set(trained) == {"keras", "sklearn", "torch"}
    checking = [line for line in readme_lines if line.startswith("springboard check")]
    assert len(checking) == 1
    checked = shell(checking[0])
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "submissions/torch.zip: scored" in checked.stdout


@pytest.mark.runtime
@pytest.mark.parametrize("name", ["keras", "sklearn", "torch"])
def test_training_and_check_agree_on_the_score(
    name: str, shell: Shell, trained: dict[str, Trained]
) -> None:
    checked = shell(f"springboard check submissions/{name}.zip --json")
    found = json.loads(checked.stdout)
    assert checked.returncode == 0 and found["verdict"] == "scored"
    # The metric as the kit computes it, of the network as it was before it was packed.
    printed = re.search(r"practice: log loss ([\d.]+)", trained[name].output)
    assert printed is not None
    assert found["scores"][0]["value"] == pytest.approx(float(printed[1]), abs=2e-4)


def test_the_curl_lines_are_those_of_the_api(readme_lines: list[str]) -> None:
    token, submit = (line for line in readme_lines if line.startswith("curl"))
    assert '-X POST "$SERVER/api/v1/tokens"' in token
    assert {"username=NAME", "password=PASSWORD", "name=laptop"} <= set(token.split())
    assert '"$SERVER/api/v1/competitions/$COMPETITION/submissions"' in submit
    assert '-H "Authorization: Bearer $TOKEN"' in submit
    assert "-F file=@submissions/torch.zip" in submit
    assert "-F message=" in submit
