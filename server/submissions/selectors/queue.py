"""Who waits, who is next, and which workers may judge what."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from server.clock import database_now
from server.courses.models import Course
from server.submissions.models import RUNNING, Evaluation, Queue, Status
from server.submissions.selectors.workers import PROCESS_MARK, worker_named, workers_online

FAIRNESS_WINDOW = timedelta(hours=1)


def waiting_next(*, queue: str, at: datetime, worker: str, lock: bool = False) -> Evaluation | None:
    """Returns the fairest evaluation that a worker of a queue may judge now, or None.

    Of the teams of which none runs, first comes whose submissions were judged least in the last
    hour, then who waits longest. What staff have judged again comes after all others, and is not
    held against its team. What the worker itself has just failed at is left to others for a while.

    Args:
        queue: of the worker.
        at: now.
        worker: which asks, with or without the number of its process.
        lock: whether to lock it, in a transaction; what others have locked is passed over then.
    """
    waiting = may_start(queue, at).exclude(_left_to_others(worker, at))
    waiting = waiting.annotate(recent=team_recent(at=at))
    if lock:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    return (
        waiting.order_by("behind", "recent", "queued_at", "id")
        .select_related("submission", "task_version")
        .first()
    )


def team_recent(*, at: datetime) -> Coalesce:
    """How many submissions of an evaluation's team were judged lately, staff's wishes aside."""
    recent = (
        Evaluation.objects.filter(
            team=OuterRef("team"), started_at__gt=at - FAIRNESS_WINDOW, behind=False
        )
        .order_by()
        .values("team")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(recent, output_field=IntegerField()), 0)


def may_judge(*, queue: str, at: datetime) -> Q:
    """Which evaluations a worker of a queue may judge.

    Those of its queue; and while no GPU worker is online, a CPU worker also those for GPUs of the
    courses that allow it. It joins no table, so that a conditional update can ask it again.
    """
    own = Q(queue=queue)
    if queue != Queue.CPU:
        return own
    gpu_worker = workers_online(at=at).filter(queue=Queue.GPU).order_by()
    return own | (Q(queue=Queue.GPU) & Q(_course_allows_cpu()) & ~Q(Exists(gpu_worker)))


def may_start(queue: str, at: datetime) -> QuerySet[Evaluation]:
    """The evaluations that a worker of a queue may judge now."""
    waiting = Evaluation.objects.filter(may_judge(queue=queue, at=at), status=Status.QUEUED)
    return waiting.filter(~_team_runs())


def cpu_fallback_allowed(*, evaluation: Evaluation) -> bool:
    """Whether an evaluation's course lets CPU workers judge while no GPU worker is online."""
    return Course.objects.filter(cpu_fallback=True, competitions__teams=evaluation.team_id).exists()


def queues_waiting(*, at: datetime | None = None) -> dict[str, int]:
    """Returns how many teams could have an evaluation judged now, by queue of the worker."""
    now = at or database_now()
    found = {
        queue.value: may_start(queue, now).order_by().values("team").distinct().count()
        for queue in Queue
    }
    return {queue: teams for queue, teams in found.items() if teams}


def _left_to_others(worker: str, at: datetime) -> Q:
    name = worker_named(worker)
    own = Q(worker=name) | Q(worker__startswith=f"{name}{PROCESS_MARK}")
    return own & Q(left_until__isnull=False, left_until__gt=at)


def _course_allows_cpu() -> Exists:
    return Exists(Course.objects.filter(cpu_fallback=True, competitions__teams=OuterRef("team")))


def _team_runs() -> Exists:
    return Exists(Evaluation.objects.filter(team=OuterRef("team"), status__in=RUNNING))
