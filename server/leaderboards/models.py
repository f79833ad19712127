"""Who stands where."""

from django.db import models

from server.competitions.models import Competition, Team
from server.submissions.models import Evaluation


class Standing(models.Model):
    """A team's place in a competition: its best evaluation on the public split.

    Kept in the transaction that finishes an evaluation; can be computed again from the
    evaluations alone. Rows are in the order of the board when sorted by `ORDER`.

    Attributes:
        primary_key: the primary score, turned so that smaller is better.
        secondary_key: the first secondary score, likewise; 0 where the task has none.
        artifact_size: bytes of the best evaluation's artifact.
        submitted_at: when its submission arrived.
        scored_submissions: how many submissions of the team have been scored.
        private_primary_key: the same evaluation's primary score on the private split, likewise.
        private_secondary_key: its first secondary score there.
    """

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="standings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="standings")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="+")
    primary_key = models.FloatField()
    secondary_key = models.FloatField()
    artifact_size = models.PositiveBigIntegerField()
    submitted_at = models.DateTimeField()
    scored_submissions = models.PositiveIntegerField()
    private_primary_key = models.FloatField()
    private_secondary_key = models.FloatField()

    ORDER = ("primary_key", "secondary_key", "artifact_size", "submitted_at", "id")
    PRIVATE_ORDER = ("private_primary_key", "private_secondary_key", *ORDER[2:])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "team"], name="standing_unique")
        ]
        indexes = [
            models.Index(
                fields=[
                    "competition",
                    "primary_key",
                    "secondary_key",
                    "artifact_size",
                    "submitted_at",
                    "id",
                ],
                name="standing_order",
            ),
            models.Index(
                fields=[
                    "competition",
                    "private_primary_key",
                    "private_secondary_key",
                    "artifact_size",
                    "submitted_at",
                    "id",
                ],
                name="standing_private_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} in {self.competition}"
