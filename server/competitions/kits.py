"""The starter kit as students download it: ready to train, check and submit."""

from pathlib import Path

from django.conf import settings

from server.competitions.archives import (
    Member,
    archive_build,
    archive_path,
    members_digest,
    members_of,
)
from server.competitions.models import TaskVersion
from server.refusals import NotFound

# What a student's local check needs of the task: no recipe, no scorer, no expected scores.
TASK_FILES = ("task.toml", "description.md")


def kit_archive(*, task_version: TaskVersion) -> Path:
    """Returns the kit's zip, built when its files have changed.

    It holds one folder, named like the task: the kit's files, the task in `task/`, and the
    packages `evaluators` and `springboard` with which `python -m springboard check` judges as the
    server does.

    Raises:
        NotFound: the task has no kit.
    """
    members = _members(task_version.slug)
    path = archive_path("kit", f"{task_version.slug}-{members_digest(members)[:16]}")
    if not path.exists():
        archive_build(path, members)
    return path


def _members(slug: str) -> list[Member]:
    kit = Path(settings.KITS_DIR) / slug
    task = Path(settings.TASKS_DIR) / slug
    code = Path(settings.BASE_DIR)
    if not kit.is_dir():
        raise NotFound("This task has no starter kit; its data and description are all there is.")
    return [
        *members_of(kit, prefix=slug),
        *(
            Member(f"{slug}/task/{name}", task / name)
            for name in TASK_FILES
            if (task / name).is_file()
        ),
        *members_of(code / "evaluators", prefix=f"{slug}/evaluators"),
        *members_of(code / "client" / "springboard", prefix=f"{slug}/springboard"),
    ]
