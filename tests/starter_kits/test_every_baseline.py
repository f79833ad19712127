"""Each baseline of every kit, on the task's real data, by the check that students run."""

import re
from pathlib import Path

import pytest

from evaluators.baselines import baseline_names, baseline_training
from springboard.check import check
from springboard.local import LocalRun
from tests.digits import ROOT, runtime_python
from tests.starter_kits.installed import KITS, installed_baseline, installed_data

pytestmark = [pytest.mark.runtime, pytest.mark.sandbox, pytest.mark.slow]
BASELINES = [(kit.name, name) for kit in KITS for name in baseline_names(kit)]
every_baseline = pytest.mark.parametrize(("slug", "name"), BASELINES)


@every_baseline
@pytest.mark.timeout(700)
def test_the_check_finds_what_the_script_printed(
    slug: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = installed_baseline(slug, name)
    # The check runs models with the interpreter that runs it; here it stands in the runtime's.
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    result = check(
        path=submission,
        task_folder=ROOT / "tasks" / slug,
        data_folder=installed_data(slug).public,
        sandbox=LocalRun(),
    )
    assert result.verdict == "scored", result.message
    # The metric as the kit computes it, of the model as it was before it was packed.
    value, off = printed_score(submission)
    assert result.scores[0].value == pytest.approx(value, abs=off)


@every_baseline
@pytest.mark.timeout(700)
def test_it_trains_in_the_time_that_is_promised(slug: str, name: str) -> None:
    training = baseline_training(installed_baseline(slug, name))
    seconds = 120 if slug in ("segmentation", "text_generation") else 60
    assert training.cpu_seconds < seconds


def printed_score(submission: Path) -> tuple[float, float]:
    """The first number after "practice:", and how far rounding may be off."""
    [line] = [
        line for line in baseline_training(submission).printed if line.startswith("practice: ")
    ]
    found = re.search(r"(-?\d+(?:\.(\d+))?)\s*(%?)", line)
    assert found is not None, line
    scale = 0.01 if found[3] else 1.0
    return scale * float(found[1]), scale * 1.5 * 10.0 ** -len(found[2] or "")
