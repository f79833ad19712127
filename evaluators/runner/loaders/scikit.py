"""scikit-learn estimators, saved with joblib or skops."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lone import Inputs, as_output, only


class ScikitModel:
    """An estimator that gets one row an item and gives what the task asks for."""

    def __init__(self, estimator: Any, outputs: dict[str, dict[str, Any]]) -> None:
        self._estimator = estimator
        self._output = next(iter(outputs.values()))

    def predict(self, inputs: Inputs) -> NDArray[np.generic]:
        """Predicts values, or probabilities in the task's order of classes."""
        features = only(inputs)
        # A pipeline for texts wants them as they are; anything else wants a row an item.
        rows = features if features.dtype.kind == "U" else features.reshape(len(features), -1)
        if not self._output["classes"]:
            return as_output(self._estimator.predict(rows), self._output)
        if not hasattr(self._estimator, "predict_proba"):
            raise TypeError(
                "the task wants probabilities, but the estimator has no predict_proba "
                "(for SVC: probability=True, or wrap it in CalibratedClassifierCV)"
            )
        return self._aligned(np.asarray(self._estimator.predict_proba(rows)))

    def _aligned(self, probabilities: NDArray[np.generic]) -> NDArray[np.generic]:
        wanted = list(self._output["classes"])
        known = list(self._estimator.classes_)
        aligned = np.zeros((len(probabilities), len(wanted)), dtype=np.float32)
        for column, label in enumerate(known):
            name = str(label)
            # Classes may have been trained as names or as their numbers.
            if name in wanted:
                aligned[:, wanted.index(name)] = probabilities[:, column]
            elif isinstance(label, int | np.integer) and 0 <= label < len(wanted):
                aligned[:, int(label)] = probabilities[:, column]
            else:
                raise ValueError(
                    f"the estimator knows a class {name!r} that the task does not have"
                )
        return aligned


def load_scikit(path: Path, kind: str, outputs: dict[str, dict[str, Any]]) -> ScikitModel:
    """Loads an estimator. It runs code; so this happens inside the sandbox only."""
    if kind == "skops":
        import skops.io

        trusted = skops.io.get_untrusted_types(file=path)
        return ScikitModel(skops.io.load(path, trusted=trusted), outputs)
    import joblib

    return ScikitModel(joblib.load(path), outputs)
