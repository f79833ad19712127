"""Reads the tasks that competitions can be opened with."""

from collections.abc import Sequence

from django.db.models import Max

from server.competitions.models import TaskVersion
from server.refusals import Unprocessable


def tasks_latest() -> Sequence[TaskVersion]:
    """The latest registered version of each task, by title."""
    latest = TaskVersion.objects.values("slug").annotate(latest=Max("id")).values("latest")
    return list(TaskVersion.objects.filter(pk__in=latest).order_by("title", "slug"))


def task_version_get(*, version_id: int) -> TaskVersion:
    """Returns a registered task version.

    Raises:
        Unprocessable: there is none.
    """
    version = TaskVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise Unprocessable("There is no such task. Choose one of the course's list of tasks.")
    return version
