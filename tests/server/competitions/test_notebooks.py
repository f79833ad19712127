"""Notebooks made of training scripts."""

import json

import nbformat

from server.competitions.notebooks import notebook_text

SCRIPT = '''# %% [markdown]
# # A title
#
# And a thought, – in UTF-8.

# %%
import math

# %% [markdown]
# ## A function


# %%
def half(x: float) -> float:
    """Half of it."""
    return math.sqrt(x * x) / 2


half(3)
'''


def test_cells_are_those_of_the_script() -> None:
    notebook = json.loads(notebook_text(SCRIPT))
    nbformat.validate(notebook)
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds == ["markdown", "code", "markdown", "code"]
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert sources[0] == "# A title\n\nAnd a thought, – in UTF-8."
    assert sources[1] == "import math"
    assert sources[3].startswith("def half(") and sources[3].endswith("half(3)")


def test_it_runs_with_any_python_3_and_holds_no_output() -> None:
    notebook = json.loads(notebook_text(SCRIPT))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None


def test_the_same_script_gives_the_same_bytes() -> None:
    assert notebook_text(SCRIPT) == notebook_text(SCRIPT)
