"""How the installation is, through the API; for its operators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.operations.overview import Overview, overview
from server.operations.queue_state import Depth, Load
from server.operations.stuck import Kind, Stuck
from server.operations.watched import Found
from server.refusals import NotFound
from server.submissions.models import Evaluation, Queue, Status


class PartShown(serializers.Serializer[Found]):
    """A part that the server needs."""

    ok = serializers.BooleanField()
    detail = serializers.CharField()


class DeviceShown(serializers.Serializer[dict[str, Any]]):
    """A GPU of a worker."""

    uuid = serializers.CharField()
    name = serializers.CharField()
    memory_mb = serializers.IntegerField()
    drained = serializers.CharField(help_text="Why it is not used; empty if it is well.")


class OnlineWorker(serializers.Serializer[Any]):
    """A worker that is online."""

    name = serializers.CharField(source="worker.name")
    queue = serializers.ChoiceField(choices=Queue.choices, source="worker.queue")
    slots = serializers.IntegerField(source="worker.slots_well", help_text="That are well.")
    busy = serializers.IntegerField()
    devices = DeviceShown(many=True, source="worker.devices")
    trouble = serializers.CharField(
        source="worker.trouble", help_text="Why it can judge nothing; empty if it can."
    )
    started_at = serializers.DateTimeField(source="worker.started_at")
    seen_at = serializers.DateTimeField(source="worker.seen_at")


class DepthShown(serializers.Serializer[Depth]):
    """What of a queue is in one state."""

    queue = serializers.ChoiceField(choices=Queue.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    number = serializers.IntegerField()
    oldest = serializers.DateTimeField(help_text="When the oldest came into the queue.")


class LoadShown(serializers.Serializer[Load]):
    """What a competition has in the queues."""

    course = serializers.CharField()
    competition = serializers.CharField()
    slug = serializers.CharField()
    waiting = serializers.IntegerField()
    running = serializers.IntegerField()
    oldest = serializers.DateTimeField()


class StuckShown(serializers.Serializer[Stuck]):
    """An evaluation that neither moves nor will."""

    evaluation = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    since = serializers.DateTimeField()


class ErrorShown(serializers.Serializer[Evaluation]):
    """An evaluation that ended by our fault or a task's."""

    evaluation = serializers.CharField(source="public_id")
    competition = serializers.CharField(source="submission.competition.title")
    code = serializers.CharField(source="message_code")
    finished_at = serializers.DateTimeField()


class SweepShown(serializers.Serializer[Any]):
    """The last sweep that is known."""

    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="The worker.")


class OperationsShown(serializers.Serializer[Overview]):
    """How the installation is."""

    at = serializers.DateTimeField(help_text="By the database's clock.")
    state = serializers.CharField(help_text="ready, degraded or unready.")
    parts = serializers.DictField(child=PartShown())
    workers = OnlineWorker(many=True)
    queue = DepthShown(many=True, source="depths")
    competitions = LoadShown(many=True, source="loads", help_text="Those with most in the queues.")
    stuck = StuckShown(many=True, help_text="Must be empty.")
    # The serializer has a member of this name, which the answer's is not.
    last_errors = ErrorShown(many=True, source="errors")
    last_sweep = SweepShown(source="sweep", allow_null=True)
    sweep_is_late = serializers.BooleanField()
    versions = serializers.DictField(child=serializers.CharField())


class OperationsView(APIView):
    """The installation."""

    @extend_schema(operation_id="v1_operations", responses=OperationsShown)
    def get(self, request: Request) -> Response:
        """Tells how the installation is; for its operators."""
        if not person(request).is_staff:
            raise NotFound("There is nothing at this address. See /api/docs/.")
        return Response(OperationsShown(overview()).data)
