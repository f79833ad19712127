"""Sessions that are over don't stay in the database."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from server.accounts.jobs import sessions_sweep
from server.celery import app


@pytest.mark.django_db
def test_only_sessions_that_are_over_go() -> None:
    for _ in range(2):
        store = SessionStore()
        store["who"] = "somebody"
        store.create()
    over, lives = Session.objects.order_by("pk")
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    sessions_sweep()
    assert Session.objects.get() == lives


def test_all_that_is_scheduled_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "accounts.sessions_sweep" in scheduled
    assert scheduled <= set(app.tasks)
