"""A broken device and a broken submission are told apart."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluators.devices.device import Device
from evaluators.devices.judging import device_evaluate
from evaluators.devices.slots import HeldDevice, device_take, devices_drained
from evaluators.errors import InfrastructureError, TaskError
from evaluators.evaluate import evaluate
from evaluators.report import EvaluationReport
from evaluators.sandbox.fake import FakeSandbox
from evaluators.verdicts import Verdict
from tests.evaluators.devices.conftest import WHOLE, FakeDriver, device
from tests.evaluators.devices.probed import ProbedSandbox
from tests.evaluators.judging import SEED, predicting
from tests.evaluators.tiny_task import model_folder, prepared_task

GOOD = predicting()
FAILING = predicting("raise RuntimeError('CUDA error: an illegal memory access')")
Judge = Callable[[Device], EvaluationReport]


@pytest.fixture
def held(nvidia: FakeDriver, locks: Path) -> Iterator[HeldDevice]:
    taken = device_take([device()])
    assert taken is not None
    yield taken
    taken.release()


def judging(
    fake: FakeSandbox, tmp_path: Path, source: str, driver: FakeDriver, *facts: str
) -> Judge:
    """Judges a model; the driver learns something while that runs."""

    def judge(used: Device) -> EvaluationReport:
        report = evaluate(
            prepared=prepared_task(tmp_path / "task"),
            upload=model_folder(tmp_path, source),
            filename="submission",
            sandbox=fake,
            seed=SEED,
            device=used,
        )
        driver.add(*facts)
        return report

    return judge


def test_a_report_names_the_device(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    probing = ProbedSandbox(libraries)
    judge = judging(fake, tmp_path, GOOD, nvidia)
    report = device_evaluate(held, sandbox=probing, judge=judge)
    assert (report.verdict, report.provenance.device) == (Verdict.SCORED, WHOLE)
    assert probing.probes == 0
    assert not held.state.exists()


def test_a_scored_run_is_worthless_after_a_hardware_error(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    judge = judging(fake, tmp_path, GOOD, nvidia, "event 0 48 -1 -1")
    with pytest.raises(InfrastructureError, match=r"Xid 48 \(double-bit ECC error\)"):
        device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert devices_drained([held.device])[held.device].xids == (48,)


def test_an_error_of_the_program_stays_its_own(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    probing = ProbedSandbox(libraries)
    judge = judging(fake, tmp_path, FAILING, nvidia, "event 0 31 -1 -1", "event 0 43 -1 -1")
    report = device_evaluate(held, sandbox=probing, judge=judge)
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert probing.probes == 1
    assert not held.state.exists()


def test_a_device_that_a_program_has_wedged_is_drained_and_the_verdict_stays(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    judge = judging(fake, tmp_path, FAILING, nvidia, "event 0 109 -1 -1")
    probing = ProbedSandbox(libraries, FAKE_CUDA_INIT="999")
    report = device_evaluate(held, sandbox=probing, judge=judge)
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert devices_drained([held.device])[held.device].reason == "cuInit fails: 999"


def test_a_device_that_fails_without_a_word_is_to_blame(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    judge = judging(fake, tmp_path, FAILING, nvidia)
    probing = ProbedSandbox(libraries, FAKE_CUDA_INIT="802")
    with pytest.raises(InfrastructureError, match="CUDA_ERROR_SYSTEM_NOT_READY"):
        device_evaluate(held, sandbox=probing, judge=judge)
    assert held.state.exists()


def test_a_failed_submission_on_a_device_that_works_has_failed(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    judge = judging(fake, tmp_path, FAILING, nvidia)
    report = device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert not held.state.exists()


def test_a_lost_device_is_to_blame_whatever_else_came(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    inner = judging(fake, tmp_path, FAILING, nvidia, "event 0 31 -1 -1")

    def judge(used: Device) -> EvaluationReport:
        report = inner(used)
        nvidia.change(f"gpu {WHOLE} 0 24576 -1 0", f"gpu {WHOLE} 0 24576 -1 15")
        return report

    with pytest.raises(InfrastructureError, match="GPU is lost"):
        device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert held.state.exists()


def test_nothing_is_judged_on_a_device_that_is_gone(
    held: HeldDevice, nvidia: FakeDriver, libraries: Path
) -> None:
    nvidia.tell("driver 0")
    judged: list[Device] = []

    def judge(used: Device) -> EvaluationReport:
        judged.append(used)
        raise AssertionError

    with pytest.raises(InfrastructureError, match="Not Found"):
        device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert judged == []
    assert held.state.exists()


def test_a_driver_that_asks_for_a_reset_is_ours_unless_the_program_was_at_fault(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    inner = judging(fake, tmp_path, GOOD, nvidia)

    def judge(used: Device) -> EvaluationReport:
        report = inner(used)
        nvidia.change(f"gpu {WHOLE} 0 24576 -1 0 0", f"gpu {WHOLE} 0 24576 -1 0 1")
        return report

    with pytest.raises(InfrastructureError, match="asks for a reset"):
        device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert held.state.exists()


def test_a_fault_of_another_kind_stays_what_it_is_and_the_device_is_looked_at(
    held: HeldDevice, nvidia: FakeDriver, libraries: Path
) -> None:
    def judge(used: Device) -> EvaluationReport:
        nvidia.add("event 0 79 -1 -1")
        raise TaskError("its scorer fails")

    with pytest.raises(TaskError, match="its scorer fails"):
        device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert devices_drained([held.device])[held.device].xids == (79,)


def test_a_cancelled_run_stays_cancelled_and_its_device_is_drained(
    held: HeldDevice, fake: FakeSandbox, nvidia: FakeDriver, libraries: Path, tmp_path: Path
) -> None:
    cancelled = threading.Event()
    cancelled.set()

    def judge(used: Device) -> EvaluationReport:
        report = evaluate(
            prepared=prepared_task(tmp_path / "task"),
            upload=model_folder(tmp_path, predicting("time.sleep(1)")),
            filename="submission",
            sandbox=fake,
            seed=SEED,
            cancelled=cancelled,
            device=used,
        )
        nvidia.add("event 0 95 -1 -1")
        return report

    report = device_evaluate(held, sandbox=ProbedSandbox(libraries), judge=judge)
    assert report.verdict is Verdict.CANCELLED
    assert held.state.exists()
