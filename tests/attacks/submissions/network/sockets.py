"""Tries every kind of socket."""

import socket

from attempts import BAIT, attempt, even_odds


def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(address)


def send(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"hello", address)


def listen():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.bind(("0.0.0.0", 0))
        one.listen()


def interfaces():
    try:
        lines = open("/proc/net/dev").read().splitlines()[2:]
    except OSError:
        lines = []
    return [line.split(":")[0].strip() for line in lines]


STREAM = socket.SOCK_STREAM
attempt("tcp", lambda: connect(socket.AF_INET, STREAM, ("127.0.0.1", BAIT.tcp)))
attempt("tcp6", lambda: connect(socket.AF_INET6, STREAM, ("::ffff:127.0.0.1", BAIT.tcp)))
attempt("udp", lambda: send(("127.0.0.1", BAIT.udp)))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
attempt("packet", lambda: socket.socket(17, socket.SOCK_RAW, 3))
attempt("netlink", lambda: socket.socket(16, socket.SOCK_RAW, 0))
attempt("vsock", lambda: connect(40, STREAM, (2, 1024)))
attempt("bluetooth", lambda: socket.socket(31, socket.SOCK_RAW, 1))
attempt("alg", lambda: socket.socket(38, socket.SOCK_SEQPACKET, 0))
attempt("xdp", lambda: socket.socket(44, socket.SOCK_RAW, 0))
attempt("listen", listen)
attempt("socketpair", lambda: socket.socketpair(socket.AF_INET, STREAM))
attempt("abstract", lambda: connect(socket.AF_UNIX, STREAM, "\0" + BAIT.abstract))
attempt("docker", lambda: connect(socket.AF_UNIX, STREAM, "/var/run/docker.sock"))
attempt("unix", lambda: connect(socket.AF_UNIX, STREAM, BAIT.unix))
attempt("names", lambda: socket.gethostbyname("localhost.localdomain.example"))
print("interfaces:", interfaces(), flush=True)


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        return even_odds(inputs)
