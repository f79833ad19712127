"""Which versions saved a file and which tried to load it, where the file records them."""

import importlib.metadata
import json
import re
import zipfile
from pathlib import Path

PACKAGES = {
    "keras": "keras", "joblib": "scikit-learn", "skops": "scikit-learn",
    "torchscript": "torch", "torch_export": "torch", "onnx": "onnxruntime",
}  # fmt: skip
# A pickled estimator holds the version of scikit-learn that pickled it.
_SKLEARN = re.compile(rb"_sklearn_version\x94?.{0,8}?([0-9]+\.[0-9]+[0-9.a-z]*)", re.DOTALL)
SEARCHED_BYTES = 1 << 20


def version_note(path: Path, kind: str) -> str:
    """A sentence such as " It was saved with keras 2.15.0; here keras 3.15.1 loads it."."""
    package = PACKAGES[kind]
    here = importlib.metadata.version(package)
    saved = _saved_with(path, kind)
    if saved is None:
        return f" Here {package} {here} loads it."
    return f" It was saved with {package} {saved}; here {package} {here} loads it."


def _saved_with(path: Path, kind: str) -> str | None:
    try:
        if kind == "keras":
            with zipfile.ZipFile(path) as archive, archive.open("metadata.json") as file:
                metadata = json.loads(file.read(SEARCHED_BYTES))
            return str(metadata["keras_version"])
        if kind == "joblib":
            with path.open("rb") as file:
                found = _SKLEARN.search(file.read(SEARCHED_BYTES))
            return found.group(1).decode() if found else None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    return None
