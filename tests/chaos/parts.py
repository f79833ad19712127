"""What a stack stands on: a database and a broker, and what may happen to each."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager


class Database(ABC):
    """A database of the suite's own.

    Attributes:
        url: its DATABASE_URL.
    """

    url: str

    @contextmanager
    @abstractmethod
    def writes_held(self) -> Iterator[None]:
        """Inside, whoever writes an evaluation waits."""
        yield

    @abstractmethod
    def can_be_written(self) -> bool:
        """Whether nobody holds a lock that keeps all others from writing."""

    @abstractmethod
    def pause(self, seconds: float) -> None:
        """Lets nothing through for some seconds."""

    @abstractmethod
    def stop(self) -> None:
        """Ends its server, if it has one."""


class ServerDatabase(Database):
    """One with a server that may die."""

    @abstractmethod
    def restart(self, *, hard: bool) -> None:
        """Ends the server, cleanly or not, and starts it again."""

    @abstractmethod
    def connections_cut(self) -> int:
        """Ends all connections but its own, and returns how many there were."""


class Broker(ABC):
    """A broker of the suite's own.

    Attributes:
        url: its BROKER_URL.
    """

    url: str

    @abstractmethod
    def lose(self) -> None:
        """Makes all messages be lost."""

    @abstractmethod
    def shuffle(self) -> None:
        """Puts the messages that wait into another order."""

    @abstractmethod
    def kill(self) -> None:
        """Ends it the hard way; what it held is lost."""

    @abstractmethod
    def start(self) -> None:
        """Starts it again, empty."""

    @abstractmethod
    def stop(self) -> None:
        """Ends its server, if it has one."""
