"""Which of the sandboxes of an evaluation are given its device."""

from pathlib import Path

import pytest

from evaluators.devices.device import Device
from evaluators.evaluate import evaluate
from evaluators.runner import RUNNER
from evaluators.runner.job import run
from evaluators.sandbox import SandboxSpec, Session
from evaluators.sandbox.fake import FakeSandbox
from evaluators.verdicts import Verdict
from tests.evaluators.devices.conftest import WHOLE, device
from tests.evaluators.judging import SEED
from tests.evaluators.test_own_scorer import SCORER
from tests.evaluators.test_own_scorer import prepared as prepared_with_scorer
from tests.evaluators.tiny_task import GOOD_MODEL, model_folder, prepared_task
from tests.evaluators.tiny_text_task import prepared_lines, stepping


class RecordingSandbox(FakeSandbox):
    """Remembers what was opened."""

    def __init__(self) -> None:
        super().__init__({RUNNER: lambda stdin, stdout, stderr: run(stdin, stdout)})
        self.opened: list[tuple[str, Device | None]] = []

    def open(self, spec: SandboxSpec) -> Session:
        (folder,) = spec.folders
        self.opened.append((folder, spec.device))
        return super().open(spec)


def test_both_stages_are_given_the_device_and_the_scorer_is_not(tmp_path: Path) -> None:
    sandbox = RecordingSandbox()
    report = evaluate(
        prepared=prepared_with_scorer(tmp_path / "task", SCORER),
        upload=model_folder(tmp_path, GOOD_MODEL),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
        device=device(),
    )
    assert report.verdict is Verdict.SCORED
    stage, scorer = ("submission", device()), ("task", None)
    assert sandbox.opened == [stage, scorer, stage, scorer]
    assert report.provenance.device == WHOLE


def test_samples_are_drawn_on_the_device_too(tmp_path: Path) -> None:
    sandbox = RecordingSandbox()
    source = f"{stepping()}\n    def sample(self, seed, n):\n        return ['text'] * n\n"
    report = evaluate(
        prepared=prepared_lines(tmp_path / "task"),
        upload=model_folder(tmp_path, source),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
        device=device(),
    )
    assert report.verdict is Verdict.SCORED
    assert sandbox.opened == [("submission", device())] * 3


@pytest.mark.parametrize("accelerator", ["none", "gpu"])
def test_without_a_device_it_runs_on_the_processor(tmp_path: Path, accelerator: str) -> None:
    sandbox = RecordingSandbox()
    more = f'2\n[resources]\naccelerator = "{accelerator}"'
    prepared = prepared_task(tmp_path / "task", output_mb=more)
    assert prepared.task.spec.resources.accelerator == accelerator
    report = evaluate(
        prepared=prepared,
        upload=model_folder(tmp_path, GOOD_MODEL),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
    )
    assert report.verdict is Verdict.SCORED
    assert sandbox.opened == [("submission", None)] * 2
    assert report.provenance.device == ""
