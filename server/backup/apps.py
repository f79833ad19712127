from django.apps import AppConfig


class BackupConfig(AppConfig):
    """Making backups, and an installation out of one."""

    name = "server.backup"
    label = "backup"
