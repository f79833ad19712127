"""The address of a server, however it was typed or pasted."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from springboard.errors import UsageError

DEFAULT_PORTS = {"http": 80, "https": 443}


def address_clean(text: str) -> str:
    """Returns scheme, host and port of a server, in one spelling.

    Without a scheme it is https, except on your own machine. The path of a pasted page is dropped.

    Raises:
        UsageError: it is no web address, or holds a password.
    """
    text = text.strip()
    # Before anything else: no message may repeat the password.
    if "@" in text.partition("://")[2].partition("/")[0] or "@" in text.partition("/")[0]:
        raise UsageError("leave user name and password out of the address; `login` asks for them")
    if "://" not in text:
        host = urlsplit(f"//{text}").hostname or ""
        text = f"{'http' if _is_here(host) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_address(text) from None
    if parts.scheme not in DEFAULT_PORTS or not _is_host(host):
        raise _no_address(text)
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return f"{parts.scheme}://{netloc}"


def address_is_private(server: str) -> bool:
    """Whether nobody on the way can read what is sent to a server."""
    parts = urlsplit(server)
    return parts.scheme == "https" or _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    return (
        bool(host) and host.isprintable() and not any(c.isspace() or c in "\\%<>\"'" for c in host)
    )


def _no_address(text: str) -> UsageError:
    return UsageError(f"{text!r} is no server's address; write it like https://school.example")
