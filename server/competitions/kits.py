"""The starter kit as students download it: ready to train, check and submit."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from evaluators.spec import SPEC_FILE
from server.competitions.archives import (
    Member,
    archive_build,
    archive_path,
    members_digest,
    members_of,
)
from server.competitions.client_package import client_wheel
from server.competitions.kit_task import kit_task
from server.competitions.models import TaskVersion
from server.competitions.notebooks import NAMES, notebook
from server.refusals import NotFound

DESCRIPTION_FILE = "description.md"


def kit_archive(*, task_version: TaskVersion) -> Path:
    """Returns the kit's zip, built when its files have changed.

    It holds one folder, named like the task: the kit's files, its training scripts as notebooks,
    the task in `task/`, and the wheel of the students' package, which the kit's `requirements.txt`
    installs: its `springboard check` judges as the server does.

    Raises:
        NotFound: the task has no kit.
        InfrastructureError: the wheel can't be built.
        TaskError: what the kit leaves out of `task.toml` can't be found.
    """
    members = _members(task_version.slug)
    path = archive_path("kit", f"{task_version.slug}-{members_digest(members)[:16]}")
    if not path.exists():
        archive_build(path, members)
    return path


def _members(slug: str) -> list[Member]:
    kit = Path(settings.KITS_DIR) / slug
    task = Path(settings.TASKS_DIR) / slug
    if not kit.is_dir():
        raise NotFound("This task has no starter kit; its data and description are all there is.")
    wheel = client_wheel()
    return [
        *members_of(kit, prefix=slug),
        *(
            Member(f"{slug}/{name}.ipynb", notebook(kit / f"train_{name}.py"))
            for name in NAMES
            if (kit / f"train_{name}.py").is_file()
        ),
        *_task_members(task),
        Member(f"{slug}/{wheel.name}", wheel),
    ]


def _task_members(task: Path) -> Iterator[Member]:
    """What a student's local check needs of the task: no recipe, no scorer, no expected scores."""
    spec, description = task / SPEC_FILE, task / DESCRIPTION_FILE
    if spec.is_file():
        yield Member(f"{task.name}/task/{SPEC_FILE}", kit_task(spec))
    if description.is_file():
        yield Member(f"{task.name}/task/{DESCRIPTION_FILE}", description)
