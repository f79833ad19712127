"""Who may read what machines ask for: whoever bears the token, and whoever asks on this machine."""

import ipaddress
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest

# Whatever a proxy adds: then the request came from elsewhere, though over this machine.
PROXIED = (
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Real-IP",
    "Forwarded",
    "Via",
)
BEARER = "bearer "


def is_trusted(request: HttpRequest) -> bool:
    """Whether a request bears METRICS_TOKEN; where none is set, whether it is of this machine."""
    if settings.METRICS_TOKEN:
        return bears_token(request)
    return is_local(request)


def bears_token(request: HttpRequest) -> bool:
    """Whether a request bears METRICS_TOKEN."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not given.lower().startswith(BEARER):
        return False
    return compare_digest(
        given[len(BEARER) :].strip().encode(errors="replace"), settings.METRICS_TOKEN.encode()
    )


def is_local(request: HttpRequest) -> bool:
    """Whether a request was made on this machine, and not passed on by a proxy.

    A proxy that sets none of these headers could not serve production at all: without
    X-Forwarded-Proto every page leads to itself.
    """
    if any(name in request.headers for name in PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
