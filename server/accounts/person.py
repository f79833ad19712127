"""Who makes a request of the API."""

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from server.accounts.models import User


def person(request: Request) -> User:
    """Returns the authenticated person.

    Raises:
        NotAuthenticated: there is none.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
