"""`springboard check`."""

import argparse
from pathlib import Path

from evaluators.errors import InfrastructureError, TaskError
from evaluators.verdicts import Verdict
from springboard.check import check
from springboard.cli.named import path_named
from springboard.cli.output import Output
from springboard.errors import UsageError
from springboard.kit import kit_find
from springboard.local import LocalRun
from springboard.render import as_document, as_text
from springboard.versions import version_differences

SCORED, NOT_SCORED = 0, 1


def check_run(options: argparse.Namespace, output: Output) -> int:
    """Judges a submission on the practice sample; 0 if it was scored."""
    path = path_named(options)
    if not path.exists():
        raise UsageError(f"there is no {path}; train a model first, or give the path of a zip")
    kit = kit_find(Path.cwd(), path.resolve().parent)
    sandbox = LocalRun()
    try:
        result = check(
            path=path,
            task_folder=options.task or kit / "task",
            data_folder=options.data or kit / "data",
            sandbox=sandbox,
        )
    except (TaskError, InfrastructureError) as error:
        raise UsageError(str(error)) from error
    notes = [*version_differences(kit / "requirements.txt"), *sandbox.notes]
    output.result(as_text(path, result, notes), as_document(path, result, notes))
    return SCORED if result.verdict is Verdict.SCORED else NOT_SCORED
