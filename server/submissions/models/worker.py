from django.db import models
from django.db.models import Q

from server.submissions.models.evaluation import Queue


class Worker(models.Model):
    """A worker that is online: it writes that it lives, and its row goes when it ends.

    Attributes:
        name: its host and the number of its main process.
        queue: which evaluations it judges.
        slots: how many it judges at once; on GPUs one a device, drained ones among them.
        devices: its GPUs: `uuid`, `name`, `memory_mb`, and `drained`, the reason why one is not
            used, empty if it is well.
        trouble: why it can judge nothing; empty if it can.
        started_at: since when.
        seen_at: when it last wrote that it lives.
    """

    name = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=3, choices=Queue.choices)
    slots = models.PositiveSmallIntegerField()
    devices = models.JSONField(default=list, blank=True)
    trouble = models.TextField(blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(queue__in=Queue.values), name="worker_queue_known")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.queue})"

    @property
    def slots_well(self) -> int:
        """How many it can judge at once now."""
        if self.trouble:
            return 0
        return self.slots - sum(bool(device["drained"]) for device in self.devices)
