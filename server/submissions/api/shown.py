"""What the API shows of a submission."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evaluators.report import Split, Stage
from evaluators.verdicts import Verdict
from server.submissions.attempts import MAX_ATTEMPTS, attempt_note
from server.submissions.models import Artifact, Evaluation, Score, Status
from server.submissions.notices import Notice
from server.submissions.outlook import Outlook
from server.submissions.selectors import SubmissionAccess, queue_outlook


class ScoreShown(serializers.Serializer[Score]):
    """A score with its 95 % interval."""

    metric = serializers.CharField()
    split = serializers.ChoiceField(choices=[split.value for split in Split])
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class MessageShown(serializers.Serializer[Evaluation]):
    """Why it was not scored."""

    code = serializers.CharField(source="message_code")
    text = serializers.CharField(source="message_text")
    help = serializers.CharField(source="message_help")


class WaitingShown(serializers.Serializer[Notice]):
    """Why it waits."""

    code = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField(allow_blank=True)


class ArtifactShown(serializers.Serializer[Artifact]):
    """The validated files."""

    digest = serializers.CharField()
    size = serializers.IntegerField()
    files = serializers.IntegerField()
    entry = serializers.CharField()
    kind = serializers.CharField()


class SubmissionSummary(serializers.Serializer[Any]):
    """A submission in a list."""

    id = serializers.CharField(source="submission.public_id")
    url = serializers.SerializerMethodField()
    competition = serializers.CharField(source="submission.competition.slug")
    team = serializers.CharField(source="submission.team.name")
    author = serializers.CharField(source="submission.author")
    note = serializers.CharField(source="submission.message", help_text="The `message` sent.")
    filename = serializers.CharField(source="submission.filename")
    size = serializers.IntegerField(source="submission.size")
    sha256 = serializers.CharField(source="submission.sha256")
    received_at = serializers.DateTimeField(source="submission.received_at")
    status = serializers.ChoiceField(choices=Status.choices, source="evaluation.status")
    verdict = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    scores = ScoreShown(many=True)

    def get_url(self, access: SubmissionAccess) -> str:
        """Its address."""
        path = reverse("api:submission", args=[access.submission.public_id])
        return str(self.context["request"].build_absolute_uri(path))

    @extend_schema_field(
        serializers.ChoiceField(choices=[verdict.value for verdict in Verdict], allow_null=True)
    )
    def get_verdict(self, access: SubmissionAccess) -> str | None:
        """What the participant's code did; null until it is known."""
        return access.evaluation.verdict or None

    @extend_schema_field(MessageShown(allow_null=True))
    def get_message(self, access: SubmissionAccess) -> Any:
        """Why it was not scored; null if it was, or it is not known yet."""
        return MessageShown(access.evaluation).data if access.evaluation.message_code else None


class SubmissionDetail(SubmissionSummary):
    """A submission."""

    stage = serializers.SerializerMethodField()
    queue = serializers.CharField(source="evaluation.queue")
    queue_position = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()
    starts_in_minutes = serializers.SerializerMethodField()
    outlook = serializers.SerializerMethodField()
    judged_on_cpu = serializers.SerializerMethodField()
    attempt = serializers.IntegerField(
        source="evaluation.attempt", help_text="How often a worker has taken it."
    )
    attempt_note = serializers.SerializerMethodField()
    attempts_most = serializers.SerializerMethodField()
    cancel_requested = serializers.BooleanField(source="evaluation.cancel_requested")
    queued_at = serializers.DateTimeField(source="evaluation.queued_at")
    started_at = serializers.DateTimeField(source="usage.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(
        source="usage.finished_at",
        allow_null=True,
        help_text="For participants whole seconds after its start.",
    )
    practice_log = serializers.CharField(source="evaluation.practice_log")
    practice_log_dropped = serializers.IntegerField(
        source="evaluation.practice_log_dropped", help_text="Bytes that were not kept."
    )
    durations = serializers.DictField(
        child=serializers.FloatField(),
        source="usage.durations",
        help_text="Seconds by step; for participants whole ones from the judged stage on.",
    )
    peak_memory_mb = serializers.FloatField(
        source="usage.peak_memory_mb",
        help_text="For participants the next power of two, from 64; 0 where it isn't known.",
    )
    artifact = ArtifactShown(source="evaluation.artifact", allow_null=True)
    judged_log = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    too_good = serializers.SerializerMethodField()

    @extend_schema_field(
        serializers.ChoiceField(choices=[stage.value for stage in Stage], allow_null=True)
    )
    def get_stage(self, access: SubmissionAccess) -> str | None:
        """The last stage that was entered; null before the first."""
        return access.evaluation.stage or None

    def get_queue_position(self, access: SubmissionAccess) -> int | None:
        """Its place among those that wait, 1 for the first; null if it has none."""
        outlook = self._outlook(access)
        return outlook.position if outlook else None

    @extend_schema_field(WaitingShown(allow_null=True))
    def get_waiting(self, access: SubmissionAccess) -> Any:
        """Why it waits, or that its worker fell silent while it ran; null otherwise."""
        outlook = self._outlook(access)
        return None if outlook is None else WaitingShown(outlook.reason).data

    def get_starts_in_minutes(self, access: SubmissionAccess) -> int | None:
        """About how many minutes until it starts; null if it doesn't wait or that isn't known."""
        outlook = self._outlook(access)
        return outlook.starts_in_minutes if outlook else None

    def get_outlook(self, access: SubmissionAccess) -> str:
        """When it starts, in a sentence; empty if it doesn't wait."""
        outlook = self._outlook(access)
        return outlook.text if outlook else ""

    def get_attempt_note(self, access: SubmissionAccess) -> str:
        """Why it is judged once more; empty for an ordinary first attempt."""
        return attempt_note(access.evaluation)

    def get_attempts_most(self, access: SubmissionAccess) -> int:
        """How many attempts may fail by a fault of ours before it ends as an error."""
        return MAX_ATTEMPTS

    def _outlook(self, access: SubmissionAccess) -> Outlook | None:
        # Several fields are of it; it is looked for once.
        if not hasattr(self, "_found"):
            self._found = queue_outlook(evaluation=access.evaluation)
        return self._found

    def get_judged_on_cpu(self, access: SubmissionAccess) -> bool:
        """Whether it was judged on a CPU though its task asks for a GPU."""
        return access.evaluation.judged_on_cpu

    def get_judged_log(self, access: SubmissionAccess) -> str | None:
        """What the judged stage printed; null for who is not of the course's staff."""
        return access.evaluation.judged_log if access.is_staff else None

    def get_error(self, access: SubmissionAccess) -> str | None:
        """What went wrong on our side; null for who is not of the course's staff."""
        return access.evaluation.error if access.is_staff else None

    def get_too_good(self, access: SubmissionAccess) -> bool | None:
        """Whether it scored suspiciously well; null for who is not of the course's staff."""
        return access.evaluation.too_good if access.is_staff else None
