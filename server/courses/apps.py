from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Classes and their members."""

    name = "server.courses"
    label = "courses"
