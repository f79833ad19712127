"""The Celery application: the doorbell between the web process and the workers."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from celery.utils.log import get_multiprocessing_logger

from server import filesystem_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.dev")

filesystem_broker.register()
app = Celery("springboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_as_the_server(**_: Any) -> None:
    """Django has set the log up; what of it is Celery's own gets no other form."""
    of_the_pool = get_multiprocessing_logger()
    of_the_pool.propagate = True
    of_the_pool.setLevel(logging.ERROR)
