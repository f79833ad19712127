"""What runs inside the sandbox: the standard library and numpy, until the model needs more."""

from pathlib import Path

RUNNER = Path(__file__).resolve().parent
