"""The cheating submissions, against the real sandbox, for each way of being judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluators.check import cheats
from evaluators.check.cheats import CHEATS, check_cheats
from evaluators.check.findings import Findings
from evaluators.check.workshop import Workshop
from evaluators.prepared import PreparedTask
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.verdicts import Verdict
from tests.evaluators.tiny_task import prepared_task
from tests.evaluators.tiny_text_task import prepared_lines

pytestmark = [pytest.mark.sandbox, pytest.mark.runtime]


def findings_of(prepared: PreparedTask, sandbox: Sandbox, tmp_path: Path) -> Findings:
    findings = Findings(prepared.task.slug, prepared.task.version, lambda line: None)
    work = tmp_path / "work"
    work.mkdir()
    workshop = Workshop(
        task=prepared.task,
        kit=tmp_path / "no-kit",
        seed=Seed(bytes(32)),
        sandbox=sandbox,
        runtime=runtime_find(runtime_folder()),
        cache=tmp_path / "no-cache",
        folder=work,
        findings=findings,
    )
    check_cheats(workshop, prepared)
    return findings


@pytest.mark.timeout(200)
def test_each_ends_with_its_verdict_where_arrays_are_asked_for(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    findings = findings_of(prepared_task(tmp_path / "task"), bubblewrap, tmp_path)
    assert findings.passed, findings.markdown()
    assert f"{len(CHEATS) + 1} cheating submissions end as they must" in findings.markdown()


@pytest.mark.timeout(200)
def test_each_ends_with_its_verdict_in_lockstep(bubblewrap: Sandbox, tmp_path: Path) -> None:
    findings = findings_of(prepared_lines(tmp_path / "task"), bubblewrap, tmp_path)
    assert findings.passed, findings.markdown()


def test_one_that_gets_away_is_named(
    bubblewrap: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lucky = replace(CHEATS["ends its process"], verdicts=(Verdict.TIMEOUT,))
    monkeypatch.setattr(cheats, "CHEATS", {"ends its process": lucky})
    findings = findings_of(prepared_task(tmp_path / "task"), bubblewrap, tmp_path)
    assert "that ends its process ended as runtime_error, not timeout" in findings.faults[0].text
