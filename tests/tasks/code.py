"""A task's prepare.py as a module; the server never imports one, tests may."""

import importlib.util
from pathlib import Path
from types import ModuleType


def task_code(task: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"prepare_{task.name}", task / "prepare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
