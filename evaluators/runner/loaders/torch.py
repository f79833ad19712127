"""PyTorch programs: TorchScript (`.pt`) and exported (`.pt2`)."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lone import Inputs, as_output


class TorchModel:
    """A program that gets tensors, by position in the order of the task's inputs."""

    def __init__(self, module: Any, outputs: dict[str, dict[str, Any]]) -> None:
        self._module = module
        self._output = next(iter(outputs.values()))

    def predict(self, inputs: Inputs) -> NDArray[np.generic]:
        """Predicts without gradients."""
        import torch

        tensors = [torch.from_numpy(np.array(array)) for array in inputs.values()]
        with torch.no_grad():
            answer = self._module(*tensors)
        if isinstance(answer, dict):
            answer = next(iter(answer.values()))
        elif isinstance(answer, tuple | list):
            answer = answer[0]
        return as_output(answer.detach().cpu().numpy(), self._output)


def load_torch(path: Path, kind: str, outputs: dict[str, dict[str, Any]]) -> TorchModel:
    """Loads a program in evaluation mode.

    Raises:
        ValueError: the file holds weights without a program.
    """
    import torch

    if kind == "torch_export":
        return TorchModel(torch.export.load(path).module(), outputs)
    try:
        module = torch.jit.load(str(path), map_location="cpu")
    except RuntimeError as error:
        if "constants.pkl" in str(error) or "Legacy" in str(error):
            raise ValueError(
                "the file holds no TorchScript program but weights or a pickled module; save "
                "torch.jit.trace(model, example) or add a model.py that builds the network"
            ) from error
        raise
    return TorchModel(module.eval(), outputs)
