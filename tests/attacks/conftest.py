"""The arena, and the table that a run of the suite ends with."""

import os
import platform
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.attacks.attack import Attack
from tests.attacks.bait import bait_laid
from tests.attacks.results import Result, Status, markdown, table_of, terminal_lines
from tests.attacks.trial import Arena

# Where `python -m tests.attacks` wants the table.
TABLE_VARIABLE = "SPRINGBOARD_ATTACK_TABLE"
RESULTS = pytest.StashKey[list[Result]]()


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folders = [tmp_path_factory.mktemp(name) for name in ("temporary", "bait", "tasks")]
    for folder in folders:
        # Nothing but the sandbox keeps a submission away.
        folder.chmod(0o755)
    temporary, baits, tasks = folders
    with bait_laid(baits, tasks) as trap:
        yield Arena(folder=tasks, temporary=temporary, trap=trap)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    attack, backend = parameters.get("attack"), parameters.get("backend_name")
    if isinstance(attack, Attack) and (call.when == "call" or report.outcome != "passed"):
        status = {"passed": Status.CONTAINED, "failed": Status.BROKEN}.get(
            report.outcome, Status.NOT_RUN
        )
        results = item.config.stash.setdefault(RESULTS, [])
        results.append(Result(attack, str(backend), status, report.duration))
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    results = config.stash.get(RESULTS, [])
    if not results:
        return
    table = table_of(results)
    terminalreporter.section("attacks")
    for line in terminal_lines(table):
        terminalreporter.write_line(line)
    if path := os.environ.get(TABLE_VARIABLE):
        machine = (
            f"{platform.system()} {platform.release()} {platform.machine()}, "
            f"{os.cpu_count()} cores, Python {platform.python_version()}"
        )
        Path(path).write_text(markdown(table, machine))
