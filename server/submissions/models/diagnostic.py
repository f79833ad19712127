from django.db import models
from django.db.models import Q

from evaluators.report import Split
from server.submissions.models.evaluation import Evaluation

# Nothing is told of the private split.
SPLITS = (Split.PRACTICE, Split.PUBLIC)
SPLIT_CHOICES = [(split.value, split.value) for split in SPLITS]


class Diagnostic(models.Model):
    """A small table of how a model does, and its picture; never changed.

    Attributes:
        name: a slug, once in an evaluation.
        title: a few words.
        split: whose items it tells of.
        caption: how to read it.
        data: `columns`, `rows` and `notes`, as `evaluators.report.Diagnostic` has them.
        picture_key: where the storage keeps the PNG; empty if there is none.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="diagnostics")
    name = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    split = models.CharField(max_length=8, choices=SPLIT_CHOICES)
    caption = models.TextField()
    data = models.JSONField()
    picture_key = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "name"], name="diagnostic_unique"),
            models.CheckConstraint(
                condition=Q(split__in=[split.value for split in SPLITS]), name="diagnostic_split"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of the {self.split} split"
