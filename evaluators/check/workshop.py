"""What a check works with."""

from dataclasses import dataclass
from pathlib import Path

from evaluators.baselines import baseline_train
from evaluators.check.findings import Findings
from evaluators.evaluate import evaluate
from evaluators.model_files import MODEL_FILE
from evaluators.prepared import PreparedTask, data_digest
from evaluators.report import EvaluationReport
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import Runtime
from evaluators.task import Task


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a check works with.

    Attributes:
        task: the task.
        kit: its starter kit.
        seed: the installation's secret of this task.
        sandbox: where everything of the task and of submissions runs.
        runtime: what baselines are trained with.
        cache: folder that keeps trained baselines.
        folder: for what lives only as long as the check.
        findings: where to tell.
    """

    task: Task
    kit: Path
    seed: Seed
    sandbox: Sandbox
    runtime: Runtime
    cache: Path
    folder: Path
    findings: Findings

    def train(self, name: str, public: Path, data_version: str) -> Path:
        """Trains a baseline of the kit, or finds it in the cache."""
        return baseline_train(
            kit=self.kit,
            name=name,
            data=public,
            runtime_python=self.runtime.python,
            cache=self.cache,
            data_version=data_version,
            runtime_digest=self.runtime.digest,
            on_line=lambda line: self.findings.say(f"      {line}"),
        )

    def train_on(self, name: str, public: Path) -> Path:
        """Trains a baseline on data that are no task's, such as contaminated ones."""
        return self.train(name, public, f"contaminated {data_digest(public.parent)}")

    def judge(self, prepared: PreparedTask, upload: Path) -> EvaluationReport:
        """Judges a submission as the server does."""
        return evaluate(
            prepared=prepared,
            upload=upload,
            filename=upload.name,
            sandbox=self.sandbox,
            seed=self.seed,
        )

    def judge_source(self, prepared: PreparedTask, name: str, source: str) -> EvaluationReport:
        """Judges a submission of one model.py."""
        folder = self.folder / name
        folder.mkdir()
        (folder / MODEL_FILE).write_text(source)
        return self.judge(prepared, folder)
