"""Ports for servers that come and go."""

import random
import socket

# Below those that the kernel gives to outgoing connections: a client that knocks at a server that
# is down could otherwise be given the server's own port, and connect to itself.
FIRST, LAST = 20_000, 32_000


def free_port() -> int:
    """Returns a port of 127.0.0.1 on which nothing listens.

    Raises:
        RuntimeError: none was found.
    """
    chosen = random.SystemRandom()
    for _ in range(100):
        port = chosen.randint(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port between {FIRST} and {LAST} is free")
