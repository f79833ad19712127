"""Kombu's broker that is a folder, made safe against readers that are faster than writers.

As it comes, a message is written where it is looked for: who finds it in between reads nothing, and
ends with an error that a worker does not survive. And it is taken by way of the folder for
temporary files; where that is another disk it is copied, so that two may take the same.
"""

import fcntl
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Writes aside and renames; passes over what is torn all the same, by a full disk or a kill."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        # Read in the order of the names, as the base class has them.
        name = f"{time.monotonic() * 1000:.0f}_{uuid.uuid4()}.{queue}.msg"
        # Begins with a dot, so that it is of no queue.
        aside = folder / f".{name}"
        try:
            aside.write_text(dumps(payload))
            aside.rename(folder / name)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise ChannelError(f"a message can't be written to {folder}: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for message in sorted(folder.iterdir()):
            if message.name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                content = _taken(message)
                if content is not None:
                    return loads(content)
            except ValueError:
                logger.warning("A message of the queue %s was torn and is passed over", queue)
        raise Empty

    def get_table(self, exchange: str) -> Any:
        """Which queues an exchange has; none while that is being written."""
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        self.control_folder.mkdir(exist_ok=True)
        # One at a time: those that start together would read what the other has half written.
        lock = os.open(self.control_folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                super()._queue_bind(exchange, routing_key, pattern, queue)
            except ValueError:
                self._exchange_file(exchange).unlink()
                super()._queue_bind(exchange, routing_key, pattern, queue)
        finally:
            os.close(lock)


def _taken(message: Path) -> str | None:
    """The content of a message that nobody else gets any more; None if somebody was faster."""
    aside = message.with_name(f".taken-{uuid.uuid4()}")
    try:
        message.rename(aside)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ChannelError(f"the message {message} can't be taken: {error}") from error
    try:
        return aside.read_text()
    except OSError as error:
        raise ChannelError(f"the message {message} can't be read: {error}") from error
    finally:
        aside.unlink(missing_ok=True)


class Transport(filesystem.Transport):
    """What `filesystem://` means once `register` was called."""

    Channel = Channel


def register() -> None:
    """Puts it in the place of kombu's."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
