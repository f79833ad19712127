"""Reaching anybody outside."""

from tests.attacks.attack import Attack, Upload

_UPLOAD = Upload("network/sockets.py", next_is_judged=True)
_REFUSED = "refused E[A-Z]+"


def _attack(name: str, tries: str) -> Attack:
    # A kernel of the sandbox's own has a network of its own, in which nobody else is: what counts
    # is that nobody was reached.
    own = (rf"^{name}: ({_REFUSED}|SUCCEEDED .*)$",)
    return Attack(
        "network", name, tries, _UPLOAD, prints=(rf"^{name}: {_REFUSED}$",), own_kernel=own
    )


ATTACKS = (
    _attack("tcp", "a TCP connection to a port of this machine"),
    _attack("tcp6", "a TCP connection over IPv6"),
    _attack("udp", "a UDP packet to a port of this machine"),
    _attack("raw", "a raw ICMP socket"),
    _attack("packet", "a packet socket, to read the network"),
    _attack("netlink", "a netlink socket, to change interfaces"),
    _attack("vsock", "a virtual machine's socket, which no network namespace covers"),
    _attack("bluetooth", "a Bluetooth socket"),
    _attack("alg", "a socket of the kernel's cryptography"),
    _attack("xdp", "an express data path"),
    _attack("listen", "listening on a port"),
    _attack("socketpair", "an internet socket made as a pair"),
    _attack("abstract", "an abstract unix socket of this machine"),
    _attack("docker", "the container engine's socket"),
    _attack("unix", "a unix socket of this machine that everybody may use"),
    Attack(
        "network",
        "names",
        "looking up a host's name",
        _UPLOAD,
        prints=(r"^names: refused (E[A-Z]+|gaierror|-?\d+)$",),
    ),
    Attack(
        "network",
        "interfaces",
        "finding a network interface other than loopback",
        _UPLOAD,
        prints=(r"^interfaces: \[('lo')?\]$",),
    ),
)
