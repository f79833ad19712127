"""Configuration of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration, which has no tables of its own."""

    name = "server.demo"
    label = "demo"
