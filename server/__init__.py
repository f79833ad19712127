"""The Django project: accounts, courses, competitions, submissions and leaderboards."""

# Jobs declared with `shared_task` find their broker only when this application is loaded.
from server.celery import app as celery_app

__all__ = ["celery_app"]
