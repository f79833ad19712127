"""Does a piece of work with the database again where it failed by a fault that passes."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
# The database restarts, can't be reached, or others hold a lock for too long.
PASSING = (OperationalError, InterfaceError)
PAUSE_SECONDS = 0.25

logger = logging.getLogger(__name__)


def lasting(work: Callable[[], T], *, worth_it: Callable[[], bool]) -> T:
    """Does a piece of work until the database takes it. Not to be called in a transaction.

    A fault may hide that it was done: the work must bear to be done twice.

    Args:
        work: what to do.
        worth_it: asked after each fault whether to try again.

    Raises:
        OperationalError: the database does not take it, and it is not worth it any more.
        InterfaceError: likewise.
    """
    while True:
        try:
            return work()
        except PASSING as error:
            # The connection may be dead: the next query opens another.
            connection.close()
            if not worth_it():
                raise
            logger.warning("The database did not take it, it is tried again: %s", error)
            time.sleep(PAUSE_SECONDS)
