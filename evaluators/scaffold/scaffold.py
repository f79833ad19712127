"""A new task with its starter kit, from templates: it works on made-up data before it is edited.

A template is a file as it will be, but for its placeholders, `{{name}}`: Python files are valid as
they stand. Files under `common` go into every task and kit; the words in which the kinds differ are
in each kind's `words`.
"""

import re
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from evaluators.errors import TaskError
from evaluators.expected import expected_load
from evaluators.task import Task, task_load

TEMPLATES = Path(__file__).resolve().parent / "templates"
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
TRIVIAL = "trivial"


class Kind(StrEnum):
    """What a new task begins as."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    SEGMENTATION = "segmentation"
    TEXT_CLASSIFICATION = "text_classification"
    TEXT_GENERATION = "text_generation"


@dataclass(frozen=True, slots=True)
class NewTask:
    """What was written.

    Attributes:
        task: folder of the task.
        kit: folder of its starter kit.
    """

    task: Path
    kit: Path


def task_new(*, slug: str, kind: Kind, tasks: Path, kits: Path) -> NewTask:
    """Writes a task and its starter kit.

    Args:
        slug: name of both folders.
        kind: which templates.
        tasks: folder of the tasks.
        kits: folder of the starter kits.

    Raises:
        TaskError: the slug is not a good name, or is taken, or the folders can't be written.
    """
    if not SLUG.fullmatch(slug):
        raise TaskError(
            f"{slug!r} is no name for a task: take up to 40 small letters, digits and _, beginning "
            "with a letter, such as my_task"
        )
    new = NewTask(tasks / slug, kits / slug)
    for folder in (new.task, new.kit):
        # A link that leads nowhere is there, too.
        if folder.exists() or folder.is_symlink():
            raise TaskError(f"there is {folder} already: take another name, or remove it first")
    try:
        _write(new, kind)
    except OSError as error:
        raise TaskError(f"{new.task} and {new.kit} can't be written: {error}") from error
    return new


def _write(new: NewTask, kind: Kind) -> None:
    """Puts both folders in their places when they are complete."""
    with tempfile.TemporaryDirectory(prefix="springboard-new-") as scratch:
        task, kit = Path(scratch) / "task", Path(scratch) / "kit"
        for origin in ("common", kind.value):
            for target in (task, kit):
                _copy(TEMPLATES / origin / target.name, target)
        names = {"slug": new.task.name, "title": _title(new.task.name)}
        _fill(task, names)
        _fill(kit, names)
        words = _words(task_load(task), TEMPLATES / kind.value / "words")
        _fill(task, words)
        _fill(kit, words)
        for made, place in ((task, new.task), (kit, new.kit)):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(made, place)


def _copy(origin: Path, target: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(origin, target, ignore=skip, dirs_exist_ok=True)


def _title(slug: str) -> str:
    return slug.replace("_", " ").strip().capitalize()


def _fill(folder: Path, words: dict[str, str]) -> None:
    """Puts words in the place of their names in all files of a folder."""
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        for name, word in words.items():
            text = text.replace(f"{{{{{name}}}}}", word)
        path.write_text(text, encoding="utf-8")


def _words(task: Task, folder: Path) -> dict[str, str]:
    """What the pages of a task and its kit say, from its files and from its kind's words."""
    words = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    about = {name: words.pop(f"about_{name}").strip() for name in ("trivial", "baseline")}
    metrics, limits = task.spec.metrics, task.spec.limits
    solutions = expected_load(task.folder).solutions
    [baseline] = solutions.keys() - {TRIVIAL}
    scores = [
        f"| {name} | {text} | {solutions[name].mean:.3f} ± {solutions[name].sd:.3f} |"
        for name, text in ((TRIVIAL, about["trivial"]), (baseline, about["baseline"]))
    ]
    return words | {
        "about trivial": about["trivial"],
        "about baseline": about["baseline"],
        "baseline": baseline,
        "metric name": metrics.metric(metrics.primary).title.lower(),
        "scores": "\n".join(scores),
        "wall seconds": str(limits.wall_seconds),
        "memory": f"{limits.memory_mb:,}",
        "memory plain": str(limits.memory_mb),
        "artifact": str(limits.artifact_mb),
    }
