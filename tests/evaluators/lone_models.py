"""Run with the runtime's Python: writes one small model of each format for the tiny task."""

import sys
from pathlib import Path

import joblib
import keras
import numpy as np
import skops.io
import torch
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(4, 2)
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[-5.0, 0, 0, 0], [5.0, 0, 0, 0]]))
            self.linear.bias.zero_()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.linear(features), dim=-1)


def main(out: Path) -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, 4)).astype(np.float32)
    sign = (features[:, 0] > 0).astype(np.int64)

    estimator = LogisticRegression(C=100).fit(features, sign)
    joblib.dump(estimator, out / "model.joblib")
    skops.io.dump(estimator, out / "model.skops")
    # Trained on names, in an order of their own: columns must be aligned by name.
    named = LogisticRegression(C=100).fit(features, np.array(["negative", "positive"])[sign])
    joblib.dump(named, out / "named.joblib")
    (out / "sklearn.onnx").write_bytes(to_onnx(estimator, features[:1]).SerializeToString())

    net, example = Net().eval(), torch.zeros(2, 4)
    torch.jit.trace(net, example).save(str(out / "script.pt"))
    batch = torch.export.Dim("batch")
    exported = torch.export.export(net, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(exported, out / "program.pt2")
    torch.save(net.state_dict(), out / "weights.pt")

    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2, "softmax")])
    model.layers[0].set_weights([np.array([[-5, 5], [0, 0], [0, 0], [0, 0]]), np.zeros(2)])
    model.save(out / "model.keras")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
