"""What an address answers to each of the people, in the words of the matrix."""

from typing import Final

from tests.server.access.people import MEMBERS, OUTSIDERS, PARTICIPANTS, PEOPLE

Policy = dict[str, int]
# Who has not logged in is led to log in, or told by the API to bring a token.
ASKED: Final = 0


def everyone(status: int) -> Policy:
    return dict.fromkeys(PEOPLE, status)


def known(status: int) -> Policy:
    """Whoever has logged in."""
    return dict.fromkeys(PEOPLE, status) | {"anonymous": ASKED}


def guests(status: int) -> Policy:
    """Whoever has not logged in; the others are led on."""
    return dict.fromkeys(PEOPLE, 302) | {"anonymous": status}


def members(status: int, outside: int = 404, anonymous: int = ASKED) -> Policy:
    """Whoever belongs to the course: the others are not told whether it exists."""
    return _by(MEMBERS, status) | _by(OUTSIDERS, outside) | {"anonymous": anonymous}


def staff(status: int, outside: int = 404) -> Policy:
    """Assistants and instructors of the course."""
    return members(status, outside) | _by(PARTICIPANTS, 403)


def instructors(status: int, outside: int = 404) -> Policy:
    return staff(403, outside) | {"instructor": status}


def owners(status: int) -> Policy:
    """The student's team, and the course's staff; a classmate may not know of it."""
    return members(status) | {"classmate": 404}


def only(name: str, status: int, others: int = 404) -> Policy:
    """One of the people."""
    return known(others) | {name: status}


def elsewhere(status: int) -> Policy:
    """The stranger, who is of the other course, and that course's staff."""
    return known(404) | _by(("stranger", "foreign_assistant", "foreign_instructor"), status)


def far_staff(status: int) -> Policy:
    """Assistants and instructors of the other course."""
    return elsewhere(status) | {"stranger": 403}


def operators(status: int) -> Policy:
    """Whoever runs the server; all others are led to the door of the admin pages."""
    return dict.fromkeys(PEOPLE, ASKED) | {"operator": status}


def _by(names: tuple[str, ...], status: int) -> dict[str, int]:
    return dict.fromkeys(names, status)
