"""Each attack on each backend is contained: see `table.py` for what is tried."""

import re

import pytest

from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack
from tests.attacks.table import ATTACKS
from tests.attacks.trial import Arena, Trial
from tests.evaluators.backends import BACKENDS, backend


@pytest.fixture(scope="session")
def sandbox(backend_name: str) -> Sandbox:
    return backend(backend_name)


@pytest.mark.parametrize("backend_name", BACKENDS, scope="session")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.title)
def test_it_is_contained(attack: Attack, sandbox: Sandbox, arena: Arena) -> None:
    trial = arena.trial(sandbox, attack.upload)
    assert not trial.left, f"left behind: {trial.left}"
    assert trial.next_verdict in (None, Verdict.SCORED), "the next submission suffers"
    assert trial.report is not None, trial.fault
    told = str(trial.report.message)
    assert trial.report.verdict in attack.verdicts, f"{told}\n{trial.seen}"
    _check_evidence(attack, sandbox, trial)
    if attack.carries:
        _check_secrets(trial)


def _check_evidence(attack: Attack, sandbox: Sandbox, trial: Trial) -> None:
    assert trial.report is not None
    practice, judged = trial.report.practice_log.text, trial.report.judged_log.text
    prints = attack.prints
    if attack.own_kernel is not None and sandbox.name.endswith("runsc"):
        prints = attack.own_kernel
    for pattern in prints:
        assert re.search(pattern, practice, re.MULTILINE), f"no {pattern!r} in:\n{practice}"
    for pattern in attack.prints_judged:
        assert re.search(pattern, judged, re.MULTILINE), f"no {pattern!r} in:\n{judged}"
    message = trial.report.message
    words = f"{message.code}: {message.text}" if message else ""
    for pattern in attack.tells:
        assert re.search(pattern, words), f"no {pattern!r} in {words!r}"
    assert (
        "SUCCEEDED"
        not in "\n".join(
            line for line in practice.splitlines() if line.startswith(f"{attack.name}:")
        )
        or attack.own_kernel is not None
    )


def _check_secrets(trial: Trial) -> None:
    """What it had of the hidden inputs, staff may read in its log and the participant nowhere."""
    assert trial.report is not None
    secrets = re.findall(r"^carrying (\d{4})$", trial.report.judged_log.text, re.MULTILINE)
    assert secrets, trial.report.judged_log.text
    for secret in secrets:
        assert not re.search(rf"(?<![\d.]){secret}(?!\d)", trial.seen), trial.seen
