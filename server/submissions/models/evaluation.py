from django.db import models
from django.db.models import Q

from evaluators.report import Stage
from evaluators.spec import TaskSpec
from evaluators.verdicts import Verdict
from server.competitions.models import TaskVersion, Team
from server.ids import PUBLIC_ID_LENGTH, public_id
from server.submissions.models.artifact import Artifact
from server.submissions.models.submission import Submission


class Queue(models.TextChoices):
    """Which workers may judge it."""

    CPU = "cpu"
    GPU = "gpu"


def queue_of(spec: TaskSpec) -> Queue:
    """Where submissions to a task wait."""
    return Queue.GPU if spec.resources.accelerator == "gpu" else Queue.CPU


class Status(models.TextChoices):
    """How far we are: our progress, not the participant's doing."""

    QUEUED = "queued"
    RUNNING = "running"
    SCORING = "scoring"
    DONE = "done"
    ERROR = "error"
    CANCELLED = "cancelled"


RUNNING = (Status.RUNNING, Status.SCORING)
ACTIVE = (Status.QUEUED, *RUNNING)
VERDICT_CHOICES = [(verdict.value, verdict.value.replace("_", " ")) for verdict in Verdict]
STAGE_CHOICES = [(stage.value, stage.value) for stage in Stage]


class Evaluation(models.Model):
    """One attempt to judge a submission against one task version.

    Judging again is a new row. Until it ends, a row changes only under a lease.

    Attributes:
        team: the submission's team, repeated so that the database can hold it to one running
            evaluation.
        verdict: what the participant's code did; empty until it is known.
        stage: the last stage that was entered; empty before the first.
        practice_log: what the practice stage printed, for the participant.
        judged_log: what the judged stage printed, for the course's staff only.
        behind: whether it waits behind all others of its queue: staff have it judged again.
        attempt: how often it was claimed; the fencing token of whoever holds the lease.
        failures: how many of those attempts failed by our fault; one that was given back as its
            worker had to stop is none.
        left_until: until when the worker that failed at it leaves it to others.
        lease_until: when whoever holds it is taken for dead.
        error: what went wrong on our or the task's side, for the course's staff only.
        too_good: whether a primary score is better than the task's threshold of suspicion, for the
            course's staff only.
        durations: seconds by step.
        provenance: what its scores are bound to.
        statistics_key: where the storage keeps the item statistics; empty if there are none.
        predictions_key: where the storage keeps the predictions; empty if there are none.
    """

    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=public_id, editable=False
    )
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="evaluations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    task_version = models.ForeignKey(TaskVersion, on_delete=models.PROTECT, related_name="+")
    queue = models.CharField(max_length=3, choices=Queue.choices, default=Queue.CPU)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    verdict = models.CharField(max_length=20, choices=VERDICT_CHOICES, blank=True)
    message_code = models.CharField(max_length=60, blank=True)
    message_text = models.TextField(blank=True)
    message_help = models.TextField(blank=True)
    stage = models.CharField(max_length=10, choices=STAGE_CHOICES, blank=True)
    artifact = models.ForeignKey(
        Artifact, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    practice_log = models.TextField(blank=True)
    practice_log_dropped = models.PositiveBigIntegerField(default=0)
    judged_log = models.TextField(blank=True)
    judged_log_dropped = models.PositiveBigIntegerField(default=0)
    behind = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    left_until = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    durations = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    peak_memory_mb = models.FloatField(default=0)
    too_good = models.BooleanField(default=False)
    statistics_key = models.CharField(max_length=100, blank=True)
    predictions_key = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(status__in=RUNNING),
                name="evaluation_one_runs_of_a_team",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.DONE)
                    & ~Q(verdict__in=["", Verdict.CANCELLED.value])
                    & Q(verdict__in=[verdict.value for verdict in Verdict])
                )
                | Q(status=Status.CANCELLED, verdict=Verdict.CANCELLED.value)
                | (~Q(status__in=[Status.DONE, Status.CANCELLED]) & Q(verdict="")),
                name="evaluation_verdict_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RUNNING, lease_until__isnull=False, started_at__isnull=False)
                | (~Q(status__in=RUNNING) & Q(lease_until__isnull=True)),
                name="evaluation_leased_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ACTIVE, finished_at__isnull=True)
                | (~Q(status__in=ACTIVE) & Q(finished_at__isnull=False)),
                name="evaluation_finished_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values, queue__in=Queue.values),
                name="evaluation_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "status", "queued_at"]),
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["team", "started_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.verdict or self.status})"

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.status in ACTIVE

    @property
    def judged_on_cpu(self) -> bool:
        """Whether it was judged on a CPU though its task asks for a GPU."""
        return self.queue == Queue.GPU and self.provenance.get("device") == ""
