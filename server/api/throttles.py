"""How many requests one client may make."""

from rest_framework.throttling import UserRateThrottle


class UserThrottle(UserRateThrottle):
    """Requests of a person, or of an address while nobody is known."""

    scope = "user"
