"""All parts of a check, in order."""

import tempfile
from pathlib import Path

from evaluators.check.cheats import check_cheats
from evaluators.check.clueless import check_clueless
from evaluators.check.contaminated import check_contamination, check_suspicion
from evaluators.check.findings import Findings, Say
from evaluators.check.near_duplicates import check_near_duplicates
from evaluators.check.preparation import check_preparation, check_schema
from evaluators.check.public_files import check_secrecy
from evaluators.check.solutions import check_limits, check_order, check_solutions
from evaluators.check.workshop import Workshop
from evaluators.prepare import raw_stage
from evaluators.prepared import PreparedTask
from evaluators.report import EvaluationReport
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import Runtime
from evaluators.task import Task


def task_check(
    *,
    task: Task,
    kit: Path,
    seed: Seed,
    sandbox: Sandbox,
    runtime: Runtime,
    cache: Path,
    raw: Path | None,
    say: Say,
    quick: bool = False,
) -> Findings:
    """Proves a task before anybody competes with it.

    Args:
        task: the task.
        kit: folder of its starter kit.
        seed: the installation's secret of this task.
        sandbox: where everything of the task and of submissions runs.
        runtime: what baselines are trained with.
        cache: folder that keeps trained baselines.
        raw: an instructor's own raw files, instead of the task's sources.
        say: called with each line of progress.
        quick: leave out the cheating submissions, which test the installation more than the task.

    Returns:
        What was found. A fault of the task is a finding, not an exception.

    Raises:
        InfrastructureError: the sandbox, the network or the runtime fails.
    """
    findings = Findings(task.slug, task.version, say)
    with tempfile.TemporaryDirectory(prefix="springboard-check-") as folder:
        workshop = Workshop(task, kit, seed, sandbox, runtime, cache, Path(folder), findings)
        _check(workshop, raw, quick)
    return findings


def _check(workshop: Workshop, own_raw: Path | None, quick: bool) -> None:
    attempt, raw = workshop.findings.attempt, workshop.folder / "raw"
    made: list[PreparedTask] = []

    def prepare() -> None:
        raw_stage(workshop.task, raw, own_raw, workshop.findings.say)
        made.append(check_preparation(workshop, raw))

    attempt("preparation", prepare)
    if not made:
        return
    [prepared] = made
    reports: dict[str, EvaluationReport] = {}
    attempt("schema", lambda: check_schema(workshop, prepared))
    attempt("secrecy", lambda: check_secrecy(workshop.findings, prepared))
    attempt("near-duplicates", lambda: check_near_duplicates(workshop.findings, prepared))
    attempt("baselines", lambda: reports.update(check_solutions(workshop, prepared)))
    if reports:
        attempt("direction", lambda: check_order(workshop, prepared, reports))
        attempt("clueless", lambda: check_clueless(workshop, prepared, reports))
        attempt("limits", lambda: check_limits(workshop, reports))
        attempt("suspicion", lambda: check_suspicion(workshop, reports))
        attempt("contamination", lambda: check_contamination(workshop, prepared, raw, reports))
    if not quick:
        attempt("cheats", lambda: check_cheats(workshop, prepared))
