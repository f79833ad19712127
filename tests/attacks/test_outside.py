"""Without a sandbox the attacks reach what is laid out for them: what holds them is the sandbox."""

import re

import pytest

from springboard.local import LocalRun
from tests.attacks.attack import Upload
from tests.attacks.trial import Arena

SUCCEED = {
    "network/sockets.py": ("tcp", "tcp6", "udp", "listen", "abstract", "unix"),
    "files/reads.py": (
        "reads_host_file", "reads_host_shared_memory", "reads_labels", "reads_link_to_host",
        "reads_dots", "reads_descriptor_climb", "reads_other_environ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("model", SUCCEED)
def test_it_succeeds(model: str, arena: Arena) -> None:
    trial = arena.trial(LocalRun(), Upload(model, argument="outside"))
    assert trial.report is not None
    for name in SUCCEED[model]:
        log = trial.report.practice_log.text
        assert re.search(rf"^{name}: SUCCEEDED", log, re.MULTILINE), log
    if model == "network/sockets.py":
        assert set(trial.visited) == {"tcp", "udp", "abstract", "unix"}
