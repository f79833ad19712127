"""`model.py` with a class `Model`."""

import importlib.util
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from .errors import LoadError


def load_python(folder: Path, methods: list[str]) -> Any:
    """Imports `model.py` and makes its `Model`.

    Args:
        folder: the submission's files.
        methods: what `Model` must define.

    Raises:
        LoadError: with the step that failed.
    """
    # Other modules of the submission can be imported, and pickles find their classes.
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    if spec is None or spec.loader is None:
        raise LoadError("import", ImportError("model.py is no Python file"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["model"] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise LoadError("import", error) from error
    kind: Any = getattr(module, "Model", None)
    if not inspect.isclass(kind):
        raise LoadError("class", TypeError("there is no class named Model"))
    for method in methods:
        if not callable(getattr(kind, method, None)):
            raise LoadError("class", TypeError(f"Model has no method {method}"))
    make = cast(Callable[[Path], Any], kind)
    try:
        model = make(folder)
    except Exception as error:
        raise LoadError("load", error) from error
    return model
