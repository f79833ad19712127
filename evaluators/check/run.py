"""All parts of a check, one after the other."""

import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from evaluators.check.anchors import (
    BASELINES,
    HEADROOM,
    KNOW_NOTHING,
    ORDER,
    baselines_judge,
    headroom_check,
    know_nothing_judge,
    order_check,
    pins_compare,
)
from evaluators.check.bench import Bench
from evaluators.check.findings import CheckReport, Finding, Level
from evaluators.check.preparation import PART as PREPARATION
from evaluators.check.preparation import prepare_twice
from evaluators.errors import TaskError
from evaluators.prepared import PreparedTask


def task_check(bench: Bench) -> CheckReport:
    """Checks a task. A part that fails is a fault, and what can be looked at still, is.

    Raises:
        InfrastructureError: we are at fault.
    """
    started = time.monotonic()
    findings: list[Finding] = []
    data_version = ""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        scratch = Path(folder)
        try:
            prepared, found = prepare_twice(bench, scratch)
        except TaskError as error:
            findings.append(Finding(PREPARATION, Level.FAULT, str(error)))
        else:
            findings += found
            data_version = prepared.data_version
            _judge(bench, prepared, scratch, findings)
    return CheckReport(
        task=bench.task.slug,
        task_version=bench.task.version,
        data_version=data_version,
        findings=tuple(findings),
        seconds=round(time.monotonic() - started, 1),
    )


def _judge(bench: Bench, prepared: PreparedTask, scratch: Path, findings: list[Finding]) -> None:
    """Whatever is judged in the sandbox."""
    spec = bench.task.spec
    try:
        reports = baselines_judge(bench, prepared)
    except TaskError as error:
        findings.append(Finding(BASELINES, Level.FAULT, str(error)))
        return
    parts: dict[str, Callable[[], Iterable[Finding]]] = {
        BASELINES: lambda: pins_compare(spec, bench.task.folder, reports),
        ORDER: lambda: order_check(bench, prepared, reports),
        KNOW_NOTHING: lambda: know_nothing_judge(bench, prepared, reports, scratch),
        HEADROOM: lambda: headroom_check(spec, reports),
    }
    _look(parts, findings)


def _look(parts: dict[str, Callable[[], Iterable[Finding]]], findings: list[Finding]) -> None:
    for part, look in parts.items():
        try:
            findings.extend(look())
        except TaskError as error:
            findings.append(Finding(part, Level.FAULT, str(error)))
