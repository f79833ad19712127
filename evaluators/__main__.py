"""`python -m evaluators`: prepare data, judge artifacts and check tasks on this machine."""

import argparse
import contextlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from evaluators.errors import EvaluatorError, TaskError
from evaluators.evaluate import evaluate
from evaluators.installation import data_folder, task_seed, var_folder
from evaluators.prepare import prepared_find, task_prepare
from evaluators.prepared import PreparedTask
from evaluators.report import Progress
from evaluators.report_text import report_json, report_text
from evaluators.sandbox import Sandbox, sandbox_select
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.task import Task, task_find, task_load, tasks_find
from evaluators.verdicts import Verdict

ROOT = Path(__file__).resolve().parents[1]
TASKS, KITS = ROOT / "tasks", ROOT / "starter_kits"
EXIT_SCORED, EXIT_NOT_SCORED, EXIT_FAULT = 0, 1, 2
if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns its exit status.

    0: done (for `run`: scored; for `check`: no faults); 1: judged, with another verdict, or
    checked, with faults; 2: a fault of ours, of the task or of the command line.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except EvaluatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAULT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluators", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the tasks")
    listing.set_defaults(command=_list)
    prepare = commands.add_parser("prepare", help="prepare a task's data")
    prepare.add_argument("task", help="slug of a task, or its folder")
    prepare.add_argument("--raw", type=Path, help="a folder of your own raw files")
    prepare.set_defaults(command=_prepare)
    run = commands.add_parser("run", help="judge an artifact and print a report")
    run.add_argument("task", help="slug of a task, or its folder")
    run.add_argument("artifact", type=Path, help="a zip, a folder or one model file")
    run.add_argument("--json", action="store_true", help="print one JSON object")
    run.set_defaults(command=_run)
    # The students' package has the library without these two.
    if importlib.util.find_spec("evaluators.check"):
        _add_check(commands)
    if importlib.util.find_spec("evaluators.scaffold"):
        _add_new(commands)
    return parser


def _add_check(commands: "Commands") -> None:
    check = commands.add_parser("check", help="prove a task before anybody competes with it")
    check.add_argument("task", help="slug of a task, or its folder")
    check.add_argument("--kit", type=Path, help="its starter kit; otherwise the one of its slug")
    check.add_argument("--raw", type=Path, help="a folder of your own raw files")
    check.add_argument("--quick", action="store_true", help="leave out cheating submissions")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.add_argument("--report", type=Path, metavar="FILE.md", help="write the report there, too")
    check.set_defaults(command=_check)


def _add_new(commands: "Commands") -> None:
    from evaluators.scaffold.scaffold import Kind

    new = commands.add_parser("new", help="write a task and its starter kit, to be edited")
    new.add_argument("slug", help="its name: small letters, digits and _")
    new.add_argument("--kind", type=Kind, choices=list(Kind), required=True, help="what it is like")
    new.add_argument("--tasks", type=Path, help="where tasks lie; otherwise SPRINGBOARD_TASKS")
    new.add_argument("--kits", type=Path, help="where kits lie; otherwise SPRINGBOARD_KITS")
    new.set_defaults(command=_new)


def _list(options: argparse.Namespace) -> int:
    for task in tasks_find(TASKS):
        print(f"{task.slug:20} {task.spec.title}")
    return EXIT_SCORED


def _prepare(options: argparse.Namespace) -> int:
    task = _task(options.task)
    prepared = _prepared(task, _sandbox(), raw=options.raw, anew=True)
    print(f"{task.slug} is ready in {prepared.folder}")
    return EXIT_SCORED


def _run(options: argparse.Namespace) -> int:
    if not options.artifact.exists():
        print(f"error: there is no file or folder {options.artifact}", file=sys.stderr)
        return EXIT_FAULT
    task, sandbox = _task(options.task), _sandbox()
    report = evaluate(
        prepared=_prepared(task, sandbox),
        upload=options.artifact,
        filename=options.artifact.resolve().name,
        sandbox=sandbox,
        seed=task_seed(var_folder(), task.slug),
        on_progress=_tell,
    )
    print(json.dumps(report_json(report), indent=2) if options.json else report_text(report))
    return EXIT_SCORED if report.verdict is Verdict.SCORED else EXIT_NOT_SCORED


def _check(options: argparse.Namespace) -> int:
    from evaluators.check.check import task_check

    task, var = _task(options.task), var_folder()
    kit = options.kit or task.folder.parents[1] / "starter_kits" / task.slug
    findings = task_check(
        task=task,
        kit=kit,
        seed=task_seed(var, task.slug),
        sandbox=_sandbox(),
        runtime=runtime_find(runtime_folder()),
        cache=var / "baselines",
        raw=options.raw,
        quick=options.quick,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if options.report is not None:
        options.report.write_text(findings.markdown(), encoding="utf-8")
    print(json.dumps(findings.json(), indent=2) if options.json else findings.markdown())
    return EXIT_SCORED if findings.passed else EXIT_NOT_SCORED


def _new(options: argparse.Namespace) -> int:
    from evaluators.scaffold.scaffold import task_new

    tasks = options.tasks or Path(os.environ.get("SPRINGBOARD_TASKS", TASKS))
    kits = options.kits or Path(os.environ.get("SPRINGBOARD_KITS", KITS))
    new = task_new(slug=options.slug, kind=options.kind, tasks=tasks, kits=kits)
    at_home = tasks.resolve() == TASKS and kits.resolve() == KITS
    check = options.slug if at_home else f"{new.task} --kit {new.kit}"
    print(
        f"wrote {new.task} and {new.kit}: a task on made-up data, that works as it is.\n"
        f"Now see it pass:     python -m evaluators check {check}\n"
        f"then edit it:        grep -rn EDIT {new.task} {new.kit}\n"
        "and check it again. docs/adding-a-task.md tells the rest."
    )
    return EXIT_SCORED


def _task(name: str) -> Task:
    return task_load(Path(name)) if Path(name).is_dir() else task_find(TASKS, name)


def _sandbox() -> Sandbox:
    return sandbox_select(os.environ.get("SPRINGBOARD_SANDBOX") or "auto")


def _prepared(
    task: Task, sandbox: Sandbox, raw: Path | None = None, *, anew: bool = False
) -> PreparedTask:
    """Finds a task's data, or prepares it with progress on standard error."""
    if raw is None and not anew:
        with contextlib.suppress(TaskError):
            return prepared_find(task, data_folder(var_folder()))
    return task_prepare(
        task=task,
        data_root=data_folder(var_folder()),
        seed=task_seed(var_folder(), task.slug),
        sandbox=sandbox,
        raw=raw,
        on_line=lambda line: print(line, file=sys.stderr),
    )


def _tell(progress: Progress) -> None:
    if not progress.practice_log.text:
        print(f"{progress.stage} …", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
