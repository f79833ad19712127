"""`python -m springboard`: the student's command line."""

import argparse
import sys
from pathlib import Path

from evaluators.errors import InfrastructureError, TaskError
from evaluators.spec import SPEC_FILE
from evaluators.verdicts import Verdict
from springboard.check import check
from springboard.local import LocalRun
from springboard.render import as_json, as_text
from springboard.versions import version_differences

SCORED, NOT_SCORED, USAGE = 0, 1, 2
# In a starter kit this package lies beside the task and the data.
KIT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns its exit status: 0 scored, 1 not scored, 2 could not be run."""
    options = _parser().parse_args(arguments)
    path: Path = options.path
    if not path.exists():
        return _refuse(f"there is no {path}; train a model first, or give the path of a zip")
    sandbox = LocalRun()
    try:
        result = check(
            path=path,
            task_folder=options.task or _beside("task", SPEC_FILE),
            data_folder=options.data or _beside("data"),
            sandbox=sandbox,
        )
    except (TaskError, InfrastructureError) as error:
        return _refuse(str(error))
    notes = [*version_differences(KIT / "requirements.txt"), *sandbox.notes]
    print(as_json(path, result, notes) if options.json else as_text(path, result, notes))
    return SCORED if result.verdict is Verdict.SCORED else NOT_SCORED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="springboard", description=main.__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser(
        "check", help="run a submission on the practice sample, as the server will"
    )
    one.add_argument("path", type=Path, help="a zip, a folder with model.py, or one model file")
    one.add_argument("--task", type=Path, help="folder with task.toml (default: the kit's)")
    one.add_argument("--data", type=Path, help="folder with practice.npz (default: data)")
    one.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _beside(name: str, wanted: str = "") -> Path:
    """A folder of the working folder or of the kit that this package came with."""
    here = Path(name)
    return here if (here / wanted).exists() or not (KIT / name / wanted).exists() else KIT / name


def _refuse(problem: str) -> int:
    print(problem, file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
