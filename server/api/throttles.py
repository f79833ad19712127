"""How many requests one client may make."""

from rest_framework.throttling import UserRateThrottle

from server.throttling import CountingThrottle


class UserThrottle(CountingThrottle, UserRateThrottle):
    """Requests of a person, or of an address while nobody is known."""

    scope = "user"
