from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who uses the server."""

    name = "server.accounts"
    label = "accounts"
