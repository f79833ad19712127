"""Counts requests of one kind and one identity, exactly, however many come at once."""

import hashlib
import ipaddress
import time
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # its module reads the settings that name our throttles
    from rest_framework.views import APIView

# A network gives one household or one machine so many bits of an IPv6 address.
IPV6_PREFIX = 64


class CountingThrottle(SimpleRateThrottle):
    """Counts in windows that begin with their first request.

    The framework's own reads, adds and writes back: of requests that come at once it counts one.
    """

    num_requests: int | None
    duration: int | None
    _window: str | None = None
    _ends: float = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Counts a request, and says whether it is within the limit."""
        key = self.get_cache_key(request, view) if self.rate is not None else None
        if key is None:
            return True
        return self._count(key) <= (self.num_requests or 0)

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return max(0.0, self._ends - time.time())

    def give_back(self) -> None:
        """Counts a request as if it had not been."""
        if self._window is not None:
            try:
                cache.decr(self._window)
            except ValueError:
                return  # the window has ended, and all of its requests are forgotten

    def get_ident(self, request: Request) -> str:
        """Returns the address of a client; of an IPv6 one, its network."""
        return network_of(super().get_ident(request) or "")

    def _count(self, key: str) -> int:
        period = self.duration or 1
        # Names and addresses of any length and any letters, which need not lie there to be read.
        hashed = hashlib.sha256(key.encode(errors="replace")).hexdigest()
        while True:
            ends: float | None = cache.get(hashed)
            if ends is None:
                # The first of a window says when it ends, whichever of those that come at once.
                cache.add(hashed, time.time() + period, timeout=period)
                continue
            self._ends = float(ends)
            self._window = f"{hashed}:{self._ends:.6f}"
            try:
                return int(cache.incr(self._window))
            except ValueError:
                # Outlives its window, or a count could begin anew within it.
                cache.add(self._window, 0, timeout=period * 2)


def network_of(address: str) -> str:
    """Returns what is counted as one client: an address, or the network of an IPv6 one."""
    try:
        parsed: Any = ipaddress.ip_address(address.strip())
    except ValueError:
        # A proxy may have added a port, or written what is no address: it counts as it is.
        return address.strip()[:64]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
