"""What is remembered of a device that is out of service, in a small file beside its lock."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Drained:
    """Why a device is out of service.

    Attributes:
        since: when it was taken out, as ISO 8601 with a time zone.
        reason: in words.
        xids: the driver's errors that were seen.
        probed: when it was last tried again; empty before the first time.
        trouble: what that trial found.
    """

    since: str
    reason: str
    xids: tuple[int, ...] = ()
    probed: str = ""
    trouble: str = ""


def now() -> str:
    """This moment as the files write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def drained_read(path: Path) -> Drained | None:
    """Reads a device's file; None when it is in service.

    A file that can't be understood keeps its device out of service: it says that there was a
    reason, and a probe will put it right.
    """
    try:
        values = json.loads(path.read_text())
        values["xids"] = tuple(values["xids"])
        return Drained(**values)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        return Drained(since=now(), reason=f"{path} can't be read: {error}")


def drained_write(path: Path, drained: Drained) -> None:
    """Writes a device's file, whole or not at all."""
    written = path.with_suffix(".new")
    written.write_text(json.dumps(asdict(drained)))
    written.replace(path)
