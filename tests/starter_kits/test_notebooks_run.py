"""The notebooks of every kit run from the first cell to the last, with one epoch."""

import json
import sysconfig
import zipfile
from pathlib import Path

import jupytext
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from evaluators.sandbox.threads import thread_variables
from server.competitions.notebooks import NAMES
from tests.digits import runtime_python
from tests.starter_kits.installed import KITS, installed_data, unpacked_kit

pytestmark = [pytest.mark.runtime, pytest.mark.sandbox, pytest.mark.slow]

# The runtime has no Jupyter, which models need not; the kernel finds it behind what is the
# runtime's own.
KERNEL = """
import sys
sys.path.append({site!r})
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncKernelManager:
    """A kernel named python3 that is the runtime's Python, and leaves nothing in the home."""
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    program = KERNEL.format(site=sysconfig.get_path("purelib"))
    spec = {
        "argv": [str(runtime_python()), "-c", program, "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "env": {**thread_variables(1), "EPOCHS": "1"},
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    specs = KernelSpecManager(kernel_dirs=[str(folder.parent)])
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)


@pytest.mark.timeout(700)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("slug", [kit.name for kit in KITS])
def test_it_trains_tries_and_packs(
    slug: str, name: str, kernel: AsyncKernelManager, tmp_path: Path
) -> None:
    kit = unpacked_kit(slug, tmp_path)
    (kit / "data").symlink_to(installed_data(slug).public)
    notebook = jupytext.read(kit / f"{name}.ipynb")
    NotebookClient(
        notebook, km=kernel, timeout=600, resources={"metadata": {"path": str(kit)}}
    ).execute()
    printed = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "practice: " in printed
    with zipfile.ZipFile(kit / "submissions" / f"{name}.zip") as archive:
        assert "model.py" in archive.namelist()
