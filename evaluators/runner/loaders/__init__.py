"""Loads what a participant submitted: `model.py`, or one file of a known format.

Each format's library is imported only when a submission needs it.
"""

from pathlib import Path
from typing import Any

from .errors import LoadError
from .lone import Predictor


def load_model(
    folder: Path, entry: str, kind: str, outputs: dict[str, dict[str, Any]]
) -> Predictor:
    """Loads a model.

    Args:
        folder: the submission's files.
        entry: the file to load.
        kind: its format, as the host recognised it.
        outputs: by name, with `dtype`, `shape` and `classes`.

    Raises:
        LoadError: it can't be loaded; holds what was raised.
    """
    if kind == "python":
        from .python import load_python

        return load_python(folder)
    path = folder / entry
    try:
        if kind in ("joblib", "skops"):
            from .scikit import load_scikit

            return load_scikit(path, kind, outputs)
        if kind in ("torchscript", "torch_export"):
            from .torch import load_torch

            return load_torch(path, kind, outputs)
        if kind == "keras":
            from .keras import load_keras

            return load_keras(path, outputs)
        from .onnx import load_onnx

        return load_onnx(path, outputs)
    except LoadError:
        raise
    except Exception as error:
        from .versions import version_note

        raise LoadError("file", error, version_note(path, kind)) from error


__all__ = ["LoadError", "Predictor", "load_model"]
