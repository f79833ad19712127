"""The Celery application: the doorbell between the web process and the workers."""

import os

from celery import Celery

from server import filesystem_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.dev")

filesystem_broker.register()
app = Celery("springboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
