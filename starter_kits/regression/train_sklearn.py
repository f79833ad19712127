"""Trains the scikit-learn baseline and writes submissions/sklearn.zip."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from data import Hours, load_practice, load_train, pack, report
from model_sklearn import Model, switches

HERE = Path(__file__).parent


def train(hours: Hours, epochs: int, seed: int) -> Pipeline:
    """Ridge regression; its strength is chosen on blocks of days that were held out in turn."""
    folds = GroupKFold(n_splits=max(2, epochs), shuffle=True, random_state=seed)
    features = switches(hours.features)
    pipeline = make_pipeline(
        StandardScaler(),
        RidgeCV(
            alphas=np.logspace(-1, 4, 11),
            scoring="neg_root_mean_squared_error",
            cv=list(folds.split(features, groups=hours.block)),
        ),
    )
    print(f"fitting {len(features)} hours of {features.shape[1]} numbers ...", flush=True)
    pipeline.fit(features, hours.rentals)
    ridge = pipeline[-1]
    print(f"on held-out days: RMSE {-ridge.best_score_:.1f} with alpha {ridge.alpha_:.3g}")
    return pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=5, help="parts that are held out in turn")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    pipeline = train(load_train(arguments.data), arguments.epochs, arguments.seed)

    weights = arguments.out / "sklearn" / "pipeline.joblib"
    weights.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline, weights)
    practice = load_practice(arguments.data)
    report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
    pack(HERE / "model_sklearn.py", weights, arguments.out / "sklearn.zip")


if __name__ == "__main__":
    main()
