from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Uploads and their evaluations."""

    name = "server.submissions"
    label = "submissions"
