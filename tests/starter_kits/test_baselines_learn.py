"""Each script of the kit trains, and what it writes is judged by the real evaluator."""

import zipfile
from pathlib import Path

import pytest

from evaluators.baselines import baseline_names
from evaluators.evaluate import evaluate
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport, Split
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox, sandbox_select
from evaluators.verdicts import Verdict
from tests.digits import KIT
from tests.starter_kits.conftest import Shell, Trained

pytestmark = [pytest.mark.runtime, pytest.mark.sandbox]

UNIFORM = 2.302585
# Log loss that a few epochs on 592 small originals get below: a third of a clueless model's.
LEARNT = 0.8


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return sandbox_select()


def judge(prepared: PreparedTask, submission: Path, sandbox: Sandbox) -> EvaluationReport:
    return evaluate(
        prepared=prepared,
        upload=submission,
        filename=submission.name,
        sandbox=sandbox,
        seed=Seed(b"a secret of one test run"),
    )


def test_the_kit_has_a_baseline_for_each_framework() -> None:
    assert baseline_names(KIT) == ("keras", "sklearn", "torch", "trivial")


@pytest.mark.parametrize("name", ["keras", "sklearn", "torch"])
def test_it_learns_and_is_scored(
    name: str, trained: dict[str, Trained], prepared: PreparedTask, sandbox: Sandbox
) -> None:
    report = judge(prepared, trained[name].submission, sandbox)
    assert report.verdict is Verdict.SCORED, report.message
    for split in (Split.PRACTICE, Split.PUBLIC, Split.PRIVATE):
        score = report.score("log_loss", split)
        assert score is not None and score.value < LEARNT


def test_the_trivial_one_scores_as_a_clueless_model(
    shell: Shell, kit: Path, prepared: PreparedTask, sandbox: Sandbox
) -> None:
    assert shell("python train_trivial.py").returncode == 0
    report = judge(prepared, kit / "submissions" / "trivial.zip", sandbox)
    score = report.score("log_loss", Split.PUBLIC)
    assert score is not None and score.value == pytest.approx(UNIFORM, abs=1e-5)


def test_the_same_seed_trains_the_same_network(shell: Shell, kit: Path) -> None:
    networks = []
    for out in ("first", "second"):
        assert shell(f"python train_torch.py --epochs 1 --seed 3 --out {out}").returncode == 0
        networks.append(members(kit / out / "torch.zip"))
    assert networks[0] == networks[1]
    assert set(networks[0]) == {"model.py", "weights.safetensors"}


def members(submission: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(submission) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_missing_data_is_explained(shell: Shell) -> None:
    done = shell("python train_trivial.py --data elsewhere")
    assert done.returncode != 0
    assert "elsewhere/practice.npz is missing: download the competition's data" in done.stderr
    assert "Traceback" not in done.stderr
