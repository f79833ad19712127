"""One competition, with what the asking person has left of the day's submissions."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.competitions.api import CompetitionSummary
from server.competitions.models import Competition
from server.competitions.selectors import Access, competition_access, deadline_of, team_find
from server.courses.models import Role
from server.submissions.models import queue_of
from server.submissions.selectors import Quota, capacity_of, quota_of


class QuotaShown(serializers.Serializer[Quota]):
    """What is left of the day."""

    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    invalid_limit = serializers.IntegerField()
    invalid_used = serializers.IntegerField()
    resets_at = serializers.DateTimeField()


class MetricShown(serializers.Serializer[Any]):
    """A metric; the first one of a competition ranks."""

    name = serializers.CharField()
    title = serializers.CharField()
    direction = serializers.ChoiceField(choices=["maximize", "minimize"])
    digits = serializers.IntegerField()


class ArrayShown(serializers.Serializer[dict[str, Any]]):
    """An array that goes into the model or comes out of it."""

    dtype = serializers.CharField()
    shape = serializers.ListField(child=serializers.JSONField())
    columns = serializers.ListField(child=serializers.CharField(), allow_null=True, required=False)
    kind = serializers.CharField(required=False)
    classes = serializers.ListField(child=serializers.CharField(), allow_null=True, required=False)


class LimitsShown(serializers.Serializer[dict[str, int]]):
    """What a stage may use."""

    wall_seconds = serializers.IntegerField()
    memory_mb = serializers.IntegerField()
    cpus = serializers.IntegerField()
    artifact_mb = serializers.IntegerField()
    log_kb = serializers.IntegerField()
    output_mb = serializers.IntegerField()
    scratch_mb = serializers.IntegerField()
    processes = serializers.IntegerField()


class CompetitionDetail(CompetitionSummary):
    """A competition."""

    description = serializers.CharField(source="task_version.description")
    input = serializers.DictField(child=ArrayShown(), source="task_version.spec.input")
    output = serializers.DictField(child=ArrayShown(), source="task_version.spec.output")
    metrics = serializers.SerializerMethodField()
    limits = LimitsShown(source="task_version.spec.limits")
    accelerator = serializers.CharField(source="task_version.spec.resources.accelerator")
    framework_hint = serializers.ListField(
        child=serializers.CharField(), source="task_version.spec.framework_hint"
    )
    slots_online = serializers.SerializerMethodField()
    queue_limit = serializers.IntegerField()
    private_revealed = serializers.BooleanField()
    role = serializers.SerializerMethodField()
    quota = serializers.SerializerMethodField()
    your_deadline = serializers.SerializerMethodField()

    def get_is_open(self, competition: Competition) -> bool:
        """Whether it takes submissions of the asking person's team now."""
        return competition.opens_at <= timezone.now() < self._deadline(competition)

    @extend_schema_field(serializers.DateTimeField())
    def get_your_deadline(self, competition: Competition) -> Any:
        """The deadline of the asking person's team: its own, or that for all."""
        return serializers.DateTimeField().to_representation(self._deadline(competition))

    def _deadline(self, competition: Competition) -> datetime:
        team = team_find(user=self.context["request"].user, competition=competition)
        return deadline_of(competition=competition, team=team)

    def get_slots_online(self, competition: Competition) -> int:
        """How many submissions workers can judge at once now; for a GPU task, on their GPUs."""
        return capacity_of(queue=queue_of(competition.task_version.parsed)).slots

    @extend_schema_field(MetricShown(many=True))
    def get_metrics(self, competition: Competition) -> Any:
        """The metrics, the one that ranks first."""
        version = competition.task_version
        return MetricShown([version.primary_metric, *version.secondary_metrics], many=True).data

    @extend_schema_field(serializers.ChoiceField(choices=Role.choices, allow_null=True))
    def get_role(self, competition: Competition) -> str | None:
        """What the asking person is in the course."""
        access: Access = self.context["access"]
        return access.membership.role if access.membership else None

    @extend_schema_field(QuotaShown(allow_null=True))
    def get_quota(self, competition: Competition) -> Any:
        """What the asking person has left of the day; null for who may not submit."""
        access: Access = self.context["access"]
        if not access.is_member:
            return None
        team = team_find(user=self.context["request"].user, competition=competition)
        quota = quota_of(competition=competition, team=team, at=timezone.now())
        return QuotaShown(quota).data


class CompetitionView(APIView):
    """One competition."""

    permission_classes = [AllowAny]

    @extend_schema(responses=CompetitionDetail)
    def get(self, request: Request, slug: str) -> Response:
        """Shows a competition, and what you have left of the day's submissions."""
        access = competition_access(user=request.user, slug=slug)
        context = {"request": request, "access": access}
        return Response(CompetitionDetail(access.competition, context=context).data)
