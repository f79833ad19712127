"""Writes submissions/trivial.zip. There is nothing to train: any real model must beat it."""

import argparse
from pathlib import Path

from data import load_practice, pack, report
from model_trivial import Model

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with practice.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=0, help="not used")
    parser.add_argument("--seed", type=int, default=0, help="not used")
    arguments = parser.parse_args()

    arguments.out.mkdir(parents=True, exist_ok=True)
    practice = load_practice(arguments.data)
    report(practice.labels, Model(arguments.out).predict({"images": practice.images}))
    pack(HERE / "model_trivial.py", None, arguments.out / "trivial.zip")


if __name__ == "__main__":
    main()
