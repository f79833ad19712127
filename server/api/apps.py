from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The plumbing of the REST API."""

    name = "server.api"
    label = "api"
