"""Files that nobody but their owner may read."""

import os
import stat
import tempfile
from pathlib import Path

from springboard.errors import UsageError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_write(path: Path, text: str) -> None:
    """Writes a file that is whole or not there, and private from its first byte on.

    Raises:
        UsageError: it can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes it 0600; on Windows the user's own folder is what keeps others out.
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise _unusable(path, error) from error
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def private_read(path: Path) -> str | None:
    """Reads a file; None if there is none.

    Raises:
        UsageError: others may read it, or it can't be read.
    """
    try:
        with path.open(encoding="utf-8") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & OTHERS:
                raise UsageError(
                    f"others on this machine may read {path}, which holds your tokens: run "
                    f"`chmod 600 '{path}'`, and if it lay open for long, revoke them on your "
                    "account's page and log in again"
                )
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> UsageError:
    return UsageError(
        f"{path} can't be used: {error}. Say with SPRINGBOARD_CONFIG where your settings may lie."
    )
