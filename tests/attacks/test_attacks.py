"""Each attack on each backend is contained: see `table.py` for what is tried."""

import re

import pytest

from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack
from tests.attacks.table import ATTACKS
from tests.attacks.trial import Arena, Trial
from tests.evaluators.backends import BACKENDS, backend

pytestmark = [pytest.mark.attack, pytest.mark.slow]


@pytest.fixture(scope="session")
def sandbox(backend_name: str) -> Sandbox:
    return backend(backend_name)


@pytest.mark.parametrize("backend_name", BACKENDS, scope="session")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.title)
def test_it_is_contained(attack: Attack, sandbox: Sandbox, arena: Arena) -> None:
    if attack.host_side and has_own_kernel(sandbox):
        pytest.skip("the host reads it as it reads what comes from docker+runc")
    trial = arena.trial(sandbox, attack.upload)
    if problem := _problem(attack, sandbox, trial):
        pytest.fail(f"{attack.title} on {sandbox.name}: {problem}", pytrace=False)


def has_own_kernel(sandbox: Sandbox) -> bool:
    """Whether system calls end in a kernel that is not the host's."""
    return sandbox.name.endswith("runsc")


def _problem(attack: Attack, sandbox: Sandbox, trial: Trial) -> str | None:
    """What is wrong with how an attack ended, with all that tells why."""
    report = trial.report
    if trial.left:
        return "it left behind\n" + "\n".join(trial.left)
    if trial.visited:
        return f"it reached {trial.visited}"
    if report is None:
        return f"it was not judged: {trial.fault}"
    if trial.next_verdict not in (None, Verdict.SCORED):
        return f"the honest submission after it got {trial.next_verdict}"
    told = f"{report.message.code}: {report.message.text}" if report.message else ""
    practice, judged = report.practice_log.text, report.judged_log.text
    if report.verdict not in attack.verdicts:
        return f"it ended as {report.verdict}: {told}\n{practice}\n{judged}"
    prints = attack.prints
    if attack.own_kernel is not None and has_own_kernel(sandbox):
        prints = attack.own_kernel
    wanted = [(pattern, practice) for pattern in prints]
    wanted += [(pattern, judged) for pattern in attack.prints_judged]
    wanted += [(pattern, told) for pattern in attack.tells]
    for pattern, text in wanted:
        if not re.search(pattern, text, re.MULTILINE):
            return f"{pattern!r} is not in\n{text}"
    return _leak(trial) if attack.carries else None


def _leak(trial: Trial) -> str | None:
    """What it had of the hidden inputs, staff may read in its log and the participant nowhere."""
    assert trial.report is not None
    secrets = re.findall(r"^carrying (\d{4})$", trial.report.judged_log.text, re.MULTILINE)
    if not secrets:
        return f"it carried nothing:\n{trial.report.judged_log.text}"
    for secret in secrets:
        if re.search(rf"(?<![\d.]){secret}(?!\d)", trial.seen):
            return f"the participant saw {secret} in\n{trial.seen}"
    return None
