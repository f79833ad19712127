"""What every part of a check works with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluators.baselines import baseline_train
from evaluators.evaluate import evaluate
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import Runtime
from evaluators.task import Task


@dataclass(frozen=True, slots=True)
class Bench:
    """The task and the tools to check it with.

    Attributes:
        task: the task.
        kit: folder of its starter kit.
        seed: the task's secret seed.
        data_root: where prepared data is kept.
        cache: where trained baselines are kept.
        raw: a folder of an instructor's own raw files, instead of the task's sources.
        sandbox: where everything of the task and of submissions runs.
        runtime: what baselines are trained with.
        on_line: called with each line of progress.
    """

    task: Task
    kit: Path
    seed: Seed
    data_root: Path
    cache: Path
    raw: Path | None
    sandbox: Sandbox
    runtime: Runtime
    on_line: Callable[[str], None]

    def train(self, name: str, public: Path, data_version: str) -> Path:
        """Trains a baseline of the kit, or finds the one trained before."""
        self.on_line(f"training {name}")
        return baseline_train(
            kit=self.kit,
            name=name,
            data=public,
            runtime_python=self.runtime.python,
            cache=self.cache,
            data_version=data_version,
            runtime_digest=self.runtime.digest,
            on_line=lambda line: self.on_line(f"  {line}"),
        )

    def judge(self, prepared: PreparedTask, upload: Path) -> EvaluationReport:
        """Judges a submission as the server would."""
        self.on_line(f"judging {upload.stem}")
        return evaluate(
            prepared=prepared,
            upload=upload,
            filename=upload.name,
            sandbox=self.sandbox,
            seed=self.seed,
        )
