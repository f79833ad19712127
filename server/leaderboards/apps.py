from django.apps import AppConfig


class LeaderboardsConfig(AppConfig):
    """Who stands where."""

    name = "server.leaderboards"
    label = "leaderboards"
