"""What a training script is told: on its command line, or in a notebook by its defaults."""

import argparse
import os
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Settings(NamedTuple):
    """Where the data lies, where to write, how long to train, and the seed of all chance."""

    data: Path
    out: Path
    epochs: int
    seed: int


def read_settings(description: str, epochs: int) -> Settings:
    """Reads --data, --out, --epochs and --seed. A notebook has no command line: it gets defaults.

    Args:
        description: shown by --help.
        epochs: how often to go through the training data, unless EPOCHS in the environment or
            --epochs say otherwise.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="the unpacked data")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=int(os.environ.get("EPOCHS", epochs)))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args([] if "ipykernel" in sys.modules else None)
    return Settings(arguments.data, arguments.out, arguments.epochs, arguments.seed)
