"""A real RabbitMQ: Debian's, as whoever runs the tests, beside the machine's own."""

import os
import shutil
from pathlib import Path

import amqp

from tests.services.ports import free_port
from tests.services.service import Service

PROGRAMS = Path("/usr/lib/rabbitmq/bin")


class RabbitMQ(Service):
    """A broker; durable messages survive `stop` and `kill`, nothing survives `flush`."""

    name = "rabbitmq"
    variable = "BROKER_URL"
    # Erlang takes seconds where a core is busy.
    seconds_to_start = 120

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.own_ports = [free_port(), free_port()]

    @classmethod
    def missing(cls) -> str:
        found = (PROGRAMS / "rabbitmq-server").exists()
        return "" if found else "no RabbitMQ: apt-get install rabbitmq-server"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{self.host}//"

    def flush(self) -> None:
        """Loses all messages, and the queues with them: it starts from nothing."""
        self.kill()
        shutil.rmtree(self.folder / "data")
        self.start()

    def prepare(self) -> None:
        super().prepare()
        for name in ("data", "home"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        for name in ("environment.conf", "enabled_plugins", "rabbitmq.conf"):
            (self.folder / name).write_text("[].\n" if name == "enabled_plugins" else "")

    def command(self) -> list[str]:
        return [str(PROGRAMS / "rabbitmq-server")]

    def environment(self) -> dict[str, str]:
        mapper, distribution = map(str, self.own_ports)
        return os.environ | {
            "HOME": str(self.folder / "home"),
            "RABBITMQ_NODENAME": f"springboard-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": distribution,
            # A mapper of node names of its own, since one that runs already would stay behind.
            "ERL_EPMD_PORT": mapper,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_PID_FILE": str(self.folder / "rabbitmq.pid"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "environment.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            # Without a terminal it waits for input that never comes.
            "RABBITMQ_ALLOW_INPUT": "",
        }

    def answers(self) -> bool:
        try:
            with amqp.Connection(self.host, connect_timeout=2) as connection:
                connection.connect()
        except (OSError, amqp.AMQPError):
            return False
        return True
