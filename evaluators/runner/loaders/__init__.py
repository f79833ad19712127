"""Loads what a participant submitted: `model.py`, or one file of a known format.

Each format's library is imported only when a submission needs it.
"""

from pathlib import Path
from typing import Any

from .errors import LoadError


def load_model(folder: Path, orders: dict[str, Any]) -> Any:
    """Loads a model.

    Args:
        folder: the submission's files.
        orders: `entry`, the file to load; `kind`, its format, as the host recognised it;
            `methods` that a `model.py` must define; `texts`, whether an input is text; `outputs`
            by name, with `dtype`, `shape` and `classes`.

    Raises:
        LoadError: it can't be loaded; holds what was raised.
    """
    entry, kind, outputs = orders["entry"], orders["kind"], orders["outputs"]
    if kind == "python":
        from .python import load_python

        return load_python(folder, orders["methods"])
    if orders["methods"] != ["predict"]:
        methods = " and ".join(orders["methods"])
        raise LoadError("file", TypeError(f"this task needs a model.py whose Model has {methods}"))
    if orders["texts"] and kind not in ("joblib", "skops"):
        needed = TypeError("texts are taken by a scikit-learn pipeline or a model.py, not by it")
        raise LoadError("file", needed)
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


__all__ = ["LoadError", "load_model"]
