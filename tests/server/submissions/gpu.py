"""Competitions judged on GPUs, and the workers that are online for them."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from server.competitions.models import Competition
from server.submissions.models import Worker
from server.submissions.selectors import SILENCE
from server.submissions.services import WorkerDevice, worker_seen


def on_gpu(competition: Competition, *, cpu_fallback: bool = False) -> Competition:
    """Has a competition's task ask for a GPU, and its course allow a CPU instead or not."""
    version = competition.task_version
    version.spec = version.spec | {"resources": {"accelerator": "gpu"}}
    version.save()
    competition.course.cpu_fallback = cpu_fallback
    competition.course.save()
    return Competition.objects.select_related("course", "task_version").get(pk=competition.pk)


def online(name: str, queue: str, *, slots: int = 1, drained: Sequence[str] = ()) -> Worker:
    """A worker that lives; on GPUs some of its slots' devices may be drained, for these reasons."""
    reasons = [*drained, *[""] * (slots - len(drained))]
    devices = [
        WorkerDevice(f"GPU-{number}", "Fake GPU", 24576, reason)
        for number, reason in enumerate(reasons)
    ]
    return worker_seen(
        name=name,
        queue=queue,
        slots=slots,
        started_at=timezone.now(),
        devices=devices if queue == "gpu" else (),
    )


def silent(worker: Worker) -> None:
    """Lets a worker have fallen silent."""
    Worker.objects.filter(pk=worker.pk).update(
        seen_at=timezone.now() - SILENCE - timedelta(seconds=1)
    )
