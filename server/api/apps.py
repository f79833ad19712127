from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The plumbing of the REST API."""

    name = "server.api"
    label = "api"

    def ready(self) -> None:
        """Loads what drf-spectacular finds by registration only."""
        import_module("server.api.schema")
