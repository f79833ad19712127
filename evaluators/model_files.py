"""What can be loaded as a model, and which file of a tree it is."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Literal

from evaluators.errors import SubmissionError

MODEL_FILE = "model.py"

Kind = Literal["python", "keras", "torchscript", "torch_export", "onnx", "skops", "joblib"]
KINDS: dict[str, Kind] = {
    ".keras": "keras",
    ".pt": "torchscript",
    ".pt2": "torch_export",
    ".onnx": "onnx",
    ".skops": "skops",
    ".joblib": "joblib",
}
_LISTED = 10


def entry_find(names: Sequence[str]) -> tuple[str, Kind]:
    """Finds what to load among the files of a tree.

    Raises:
        SubmissionError: nothing, or more than one candidate.
    """
    if MODEL_FILE in names:
        return MODEL_FILE, "python"
    models = [name for name in names if suffix_of(name) in KINDS]
    if len(models) > 1:
        raise SubmissionError("several_models", found=_listed(models))
    if not models:
        raise SubmissionError("no_model", suffixes=" ".join(KINDS), found=_listed(names))
    return models[0], KINDS[suffix_of(models[0])]


def suffix_of(name: str) -> str:
    """The suffix that decides how a file is loaded."""
    return PurePosixPath(name).suffix.lower()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    return f"{shown} and {len(names) - _LISTED} more" if len(names) > _LISTED else shown
