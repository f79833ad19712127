"""Registers tasks."""

from evaluators.task import Task
from server.competitions.models import TaskVersion


def task_register(*, task: Task, data_version: str) -> TaskVersion:
    """Makes a prepared task known, or returns the row that knows it already."""
    return TaskVersion.objects.get_or_create(
        slug=task.slug,
        version=task.version,
        data_version=data_version,
        defaults={
            "title": task.spec.title,
            "spec": task.spec.model_dump(mode="json"),
            "description": task.description,
        },
    )[0]
