"""Ranks on the public board of teams that stand anywhere on it, in one query."""

from collections.abc import Collection, Mapping

from django.db import connection

# The order is `Standing.ORDER`. A filter of the ORM would be applied before the numbering.
_RANKS = """
SELECT team_id, place FROM (
    SELECT s.team_id AS team_id, ROW_NUMBER() OVER (
        ORDER BY s.primary_key, s.secondary_key, s.artifact_size, s.submitted_at, s.id
    ) AS place
    FROM leaderboards_standing s JOIN competitions_team t ON t.id = s.team_id
    WHERE s.competition_id = %s AND NOT t.is_baseline
) ranked WHERE team_id IN ({places})
"""


def public_ranks(*, competition_id: int, teams: Collection[int]) -> Mapping[int, int]:
    """Returns the ranks of teams by their ids; baselines have none."""
    if not teams:
        return {}
    query = _RANKS.format(places=", ".join(["%s"] * len(teams)))
    with connection.cursor() as cursor:
        cursor.execute(query, [competition_id, *teams])
        return dict(cursor.fetchall())
