"""The names in a backup: which there are, and which are none of ours."""

import re
from pathlib import PurePosixPath

from evaluators.errors import InfrastructureError

FACTS = "backup.json"
MISSING = "missing.json"
# As `sha256sum --check` reads it; the last member, without which a backup is not complete.
SUMS = "SHA256SUMS"
DATABASE = "database"
STORAGE = "storage"
DATA = "data"
SEED = "secret/seed"
NAME_LENGTH = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def table_member(model: str) -> str:
    """The name of a table's rows."""
    return f"{DATABASE}/{model}.jsonl.gz"


def member_check(name: str) -> str:
    """Returns a member's name if it may stand in a backup.

    Raises:
        InfrastructureError: it may not, or would lead out of where it is put.
    """
    parts = name.split("/")
    known = (
        name in (FACTS, MISSING, SUMS, SEED)
        or (parts[0] == DATABASE and len(parts) == 2)
        or (parts[0] in (STORAGE, DATA) and len(parts) > 1)
    )
    plain = len(name) <= NAME_LENGTH and not _CONTROL.search(name)
    inside = not {"", ".", ".."} & set(parts) and not PurePosixPath(name).is_absolute()
    if not (known and plain and inside):
        raise InfrastructureError(f"{name[:200]!r} can't be a file of a backup")
    return name
