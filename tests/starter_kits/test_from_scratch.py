"""A kit's README, followed in a new virtual environment, once for each framework."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evaluators.sandbox.threads import thread_variables
from tests.starter_kits.installed import installed_data, unpacked_kit

pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.timeout(900)]

# How requirements.txt heads the lines of each framework.
HEADINGS = {"torch": "PyTorch", "keras": "Keras", "sklearn": "scikit-learn"}


def only(framework: str, requirements: str) -> str:
    """Requirements without the other frameworks' lines, as the README has them deleted."""
    others = [heading for name, heading in HEADINGS.items() if name != framework]
    blocks = requirements.split("\n\n")
    kept = [block for block in blocks if not block.startswith(tuple(f"# {o}" for o in others))]
    assert len(kept) == len(blocks) - len(others)
    return "\n\n".join(kept)


def readme_line(kit: Path, beginning: str) -> str:
    """The one command line of the README that begins so."""
    blocks = re.findall(r"```sh\n(.*?)```", (kit / "README.md").read_text(), flags=re.DOTALL)
    [line] = [line for block in blocks for line in block.splitlines() if line.startswith(beginning)]
    return str(line)


def run(kit: Path, *lines: str) -> str:
    """Runs lines of the README in the kit's folder, as one shell."""
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))},
        **thread_variables(1),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(Path.home()),  # pip's settings and its cache
    }
    done = subprocess.run(
        ["/bin/sh", "-ec", "\n".join(lines)],
        cwd=kit,
        env=environment,
        capture_output=True,
        text=True,
        timeout=850,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize(
    ("slug", "framework"),
    [("classification", "torch"), ("regression", "keras"), ("regression", "sklearn")],
)
def test_a_student_gets_from_the_zip_to_a_checked_submission(
    slug: str, framework: str, tmp_path: Path
) -> None:
    kit = unpacked_kit(slug, tmp_path)
    (kit / "data").symlink_to(installed_data(slug).public)
    requirements = kit / "requirements.txt"
    requirements.write_text(only(framework, requirements.read_text()))
    printed = run(
        kit,
        readme_line(kit, "python -m venv"),
        readme_line(kit, ". .venv/bin/activate"),
        readme_line(kit, "python -m pip install"),
        readme_line(kit, f"python train_{framework}.py") + " --epochs 2",
        readme_line(kit, "springboard check").replace("torch.zip", f"{framework}.zip"),
    )
    assert "practice: " in printed
    assert f"submissions/{framework}.zip: scored" in printed
