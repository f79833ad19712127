from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    """Tasks opened in courses, and teams."""

    name = "server.competitions"
    label = "competitions"
