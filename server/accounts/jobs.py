"""What is done about accounts now and then."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.sessions_sweep")
def sessions_sweep() -> None:
    """Removes the sessions that are over; else each log-in would leave a row for ever."""
    call_command("clearsessions")
