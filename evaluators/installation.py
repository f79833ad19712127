"""What one installation keeps to itself: its secrets, and where its data lies."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from evaluators.runner.seed import Seed

ENVIRONMENT_VARIABLE = "SPRINGBOARD_VAR"
DEFAULT = Path(__file__).resolve().parents[1] / "var"


def var_folder() -> Path:
    """Where an installation keeps what it makes: `SPRINGBOARD_VAR`, or `var` beside the code."""
    return Path(os.environ.get(ENVIRONMENT_VARIABLE, DEFAULT)).resolve()


def data_folder(var: Path) -> Path:
    """Where prepared data lies."""
    return var / "data"


def task_seed(var: Path, slug: str) -> Seed:
    """The secret seed of one task: splits and judging transformations derive from it.

    Made on first use; never in the repository, never in a log.
    """
    secret = secret_text(var / "secret" / "seed", lambda: Seed.create().hex())
    return Seed.from_hex(secret).child(f"task {slug}")


def secret_text(path: Path, make: Callable[[], str]) -> str:
    """Returns a secret's text, and makes it where there is none yet.

    Processes that start together agree on one secret: whoever links its file first wins.

    Args:
        path: the secret's file, readable by its owner only.
        make: returns a new secret.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(make())
            _link(draft, path)
        finally:
            draft.unlink()
    return path.read_text().strip()


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
