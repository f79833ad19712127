"""Trains the scikit-learn baseline and writes submissions/sklearn.zip."""

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
from sklearn.decomposition import PCA
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from data import Digits, load_practice, load_train, pack, report
from model_sklearn import Model, stroke_directions

HERE = Path(__file__).parent
LANDMARKS = 1500


def train(digits: Digits, epochs: int, seed: int) -> Pipeline:
    """Logistic regression on likenesses to 1500 training images.

    A support vector machine with the same kernel would be right about as often, but has no
    probabilities of its own; logistic regression minimises just the log loss that is judged.
    """
    pipeline = make_pipeline(
        PCA(100, random_state=seed),
        Nystroem(gamma=4, n_components=min(LANDMARKS, len(digits.labels)), random_state=seed),
        LogisticRegression(C=100, max_iter=30 * epochs),
    )
    start = time.perf_counter()
    print("describing the images ...", flush=True)
    features = stroke_directions(digits.images)
    print(f"fitting {len(features)} images of {features.shape[1]} numbers ...", flush=True)
    pipeline.fit(features, digits.labels)
    print(f"fitted in {time.perf_counter() - start:.1f} s", flush=True)
    return pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=10, help="30 steps of the solver each")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    pipeline = train(load_train(arguments.data), arguments.epochs, arguments.seed)

    weights = arguments.out / "sklearn" / "pipeline.joblib"
    weights.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline, weights)
    practice = load_practice(arguments.data)
    report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
    pack(HERE / "model_sklearn.py", weights, arguments.out / "sklearn.zip")


if __name__ == "__main__":
    main()
