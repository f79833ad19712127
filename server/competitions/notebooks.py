"""A kit's training scripts as notebooks: the same cells, generated when the kit is packed."""

import hashlib
from pathlib import Path

import jupytext

from server.competitions.made_files import made_path, made_write

# The main frameworks; `train_<name>.py` becomes `<name>.ipynb`.
NAMES = ("torch", "keras")
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(script: Path) -> Path:
    """Returns the notebook of a script in jupytext's percent format, made when it has changed.

    Args:
        script: a kit's `train_<name>.py`.
    """
    source = script.read_text()
    name = script.stem.removeprefix("train_")
    key = hashlib.sha256(f"{jupytext.__version__}\n{source}".encode()).hexdigest()[:16]
    path = made_path(kind="notebooks", key=key, name=f"{name}.ipynb")
    if not path.exists():
        made_write(path, notebook_text(source))
    return path


def notebook_text(source: str) -> str:
    """Turns a script into a notebook without outputs: the same script, the same bytes.

    Args:
        source: the script; `# %%` begins a cell of code, `# %% [markdown]` one of text.
    """
    made = jupytext.reads(source, fmt="py:percent")
    for number, cell in enumerate(made.cells, start=1):
        cell["id"] = f"cell-{number}"  # jupytext draws them by chance
        cell["metadata"] = {}  # how many blank lines the script had, which nobody needs
    made.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    made.nbformat, made.nbformat_minor = 4, 5
    return str(jupytext.writes(made, fmt="ipynb"))
