"""What time it is for all: the clock of the database, as those of machines may be wrong."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """Returns the time by the database's own clock.

    Leases, and all times that several machines compare, are by it: a worker whose clock is wrong
    by an hour does no harm. SQLite has no clock but its machine's, which is everybody's there.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        # Not now(): that is when the transaction began.
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
