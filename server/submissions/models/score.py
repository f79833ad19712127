from django.db import models
from django.db.models import F, Q

from evaluators.report import Split
from server.submissions.models.evaluation import Evaluation

SPLIT_CHOICES = [(split.value, split.value) for split in Split]


class Score(models.Model):
    """A metric's value on a split, with its confidence interval; never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    metric = models.CharField(max_length=40)
    split = models.CharField(max_length=8, choices=SPLIT_CHOICES)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "metric", "split"], name="score_unique"),
            models.CheckConstraint(
                condition=Q(split__in=[split.value for split in Split]), name="score_split"
            ),
            models.CheckConstraint(condition=Q(low__lte=F("high")), name="score_interval"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} on {self.split}: {self.value:.4g}"
