"""Writes submissions/trivial.zip, which knows only the mean: any real model must beat it."""

import argparse
import json
from pathlib import Path

from data import load_practice, load_train, pack, report
from model_trivial import Model

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=0, help="not used")
    parser.add_argument("--seed", type=int, default=0, help="not used")
    arguments = parser.parse_args()

    mean = float(load_train(arguments.data).rentals.mean())

    weights = arguments.out / "trivial" / "mean.json"
    weights.parent.mkdir(parents=True, exist_ok=True)
    weights.write_text(json.dumps(mean))
    practice = load_practice(arguments.data)
    report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
    pack(HERE / "model_trivial.py", weights, arguments.out / "trivial.zip")


if __name__ == "__main__":
    main()
