"""Trains the baselines of all kits, and goes on where one of them fails."""

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from evaluators.baselines import baseline_names, baseline_train, baseline_training
from evaluators.errors import EvaluatorError
from evaluators.prepared import PreparedTask
from evaluators.sandbox.runtime import Runtime
from server.demo.show import Show

# A training keeps one core busy.
AT_ONCE = max(1, min(2, os.cpu_count() or 1))
# A training of a minute tells where it is a few times.
TELL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A kit's baseline, or why there is none.

    Attributes:
        slug: of the task and its kit.
        name: as in `train_<name>.py` and `expected.json`.
        submission: the zip; None if it could not be trained.
        seconds: of one core that its training took, now or in an earlier run.
        problem: why there is none, or an empty text.
    """

    slug: str
    name: str
    submission: Path | None
    seconds: float = 0.0
    problem: str = ""


def baselines_train(
    tasks: Sequence[PreparedTask], runtime: Runtime, show: Show
) -> dict[str, list[Trained]]:
    """Trains all baselines of the tasks' kits, as many at a time as there are cores for, up to two.

    One that can't be trained does not keep the others from it.

    Returns:
        The baselines by slug.
    """
    kits = {prepared.task.slug: Path(settings.KITS_DIR) / prepared.task.slug for prepared in tasks}
    total = sum(len(baseline_names(kit)) for kit in kits.values())
    ended = 0
    lock = threading.Lock()

    def train(prepared: PreparedTask, name: str) -> Trained:
        nonlocal ended
        trained = _train(prepared, kits[prepared.task.slug], name, runtime, show)
        with lock:
            ended += 1
            outcome = trained.problem or f"ready, trained in {trained.seconds:.1f} s of one core"
            show.line(f"[{ended}/{total}] {trained.slug}, {name}: {outcome}")
        return trained

    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {
            prepared.task.slug: [
                pool.submit(train, prepared, name)
                for name in baseline_names(kits[prepared.task.slug])
            ]
            for prepared in tasks
        }
        return {slug: [one.result() for one in several] for slug, several in futures.items()}


def _train(prepared: PreparedTask, kit: Path, name: str, runtime: Runtime, show: Show) -> Trained:
    slug = prepared.task.slug
    told = time.monotonic()

    def tell(line: str) -> None:
        nonlocal told
        if time.monotonic() > told + TELL_SECONDS:
            told = time.monotonic()
            show.line(f"{slug}, {name}: {line}")

    try:
        submission = baseline_train(
            kit=kit,
            name=name,
            data=prepared.public,
            runtime_python=runtime.python,
            cache=Path(settings.VAR_DIR) / "baselines",
            data_version=prepared.data_version,
            runtime_digest=runtime.digest,
            on_line=tell,
        )
    except EvaluatorError as error:
        return Trained(slug, name, None, problem=f"the kit {slug} can't train it: {error}")
    return Trained(slug, name, submission, baseline_training(submission).cpu_seconds)
