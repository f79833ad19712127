"""ONNX models (`.onnx`)."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lone import Inputs, as_output, only


class OnnxModel:
    """A session that gets inputs by name, or its one input under whatever name."""

    def __init__(self, session: Any, outputs: dict[str, dict[str, Any]]) -> None:
        self._session = session
        self._output = next(iter(outputs.values()))

    def predict(self, inputs: Inputs) -> NDArray[np.generic]:
        """Predicts a chunk and picks the output that looks like the task's."""
        wanted = self._session.get_inputs()
        if len(wanted) == 1:
            feed = {wanted[0].name: _fitted(only(inputs), wanted[0])}
        else:
            feed = {node.name: _fitted(inputs[node.name], node) for node in wanted}
        return as_output(self._picked(self._session.run(None, feed)), self._output)

    def _picked(self, answers: list[Any]) -> Any:
        classes = self._output["classes"]
        for answer in answers:
            # A classifier from scikit-learn gives labels, then a dictionary for each item.
            if classes and isinstance(answer, list) and answer and isinstance(answer[0], dict):
                return [
                    [row.get(name, row.get(number, 0.0)) for number, name in enumerate(classes)]
                    for row in answer
                ]
            if isinstance(answer, np.ndarray) and answer.ndim == len(self._output["shape"]):
                return answer
        return answers[0]


def _fitted(array: NDArray[np.generic], node: Any) -> NDArray[np.generic]:
    """A model of tables gets one row an item, whatever the task's shape."""
    if node.shape is not None and len(node.shape) == 2 and array.ndim != 2:
        return array.reshape(len(array), -1)
    return array


def load_onnx(path: Path, outputs: dict[str, dict[str, Any]]) -> OnnxModel:
    """Opens a session on the processor with the sandbox's number of threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return OnnxModel(session, outputs)
