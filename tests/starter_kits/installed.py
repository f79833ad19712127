"""Tasks and kits as this checkout's installation has them: what is missing is made.

Where `make demo` has prepared the data and trained the baselines, both are found and used, so that
each is made once.
"""

import zipfile
from pathlib import Path

from evaluators.baselines import baseline_train
from evaluators.installation import DEFAULT, data_folder, task_seed
from evaluators.prepare import task_prepare
from evaluators.prepared import PreparedTask
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.task import task_find
from server.competitions.kits import kit_archive
from server.competitions.models import TaskVersion
from tests.digits import ROOT

# Tests have a folder of their own for what they make; this is the checkout's.
VAR = DEFAULT
KITS = sorted(path.parent for path in (ROOT / "starter_kits").glob("*/README.md"))


def installed_data(slug: str) -> PreparedTask:
    """A task's data, as students of this installation get it."""
    return task_prepare(
        task=task_find(ROOT / "tasks", slug),
        data_root=data_folder(VAR),
        seed=task_seed(VAR, slug),
        sandbox=sandbox_select(),
    )


def installed_baseline(slug: str, name: str) -> Path:
    """A kit's baseline, trained on that data."""
    prepared = installed_data(slug)
    runtime = runtime_find(runtime_folder())
    return baseline_train(
        kit=ROOT / "starter_kits" / slug,
        name=name,
        data=prepared.public,
        runtime_python=runtime.python,
        cache=VAR / "baselines",
        data_version=prepared.data_version,
        runtime_digest=runtime.digest,
        on_line=print,
    )


def unpacked_kit(slug: str, into: Path) -> Path:
    """The kit's zip as students unpack it, without data."""
    with zipfile.ZipFile(kit_archive(task_version=TaskVersion(slug=slug))) as archive:
        archive.extractall(into)
    return into / slug
