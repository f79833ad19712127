"""Breaks running installations and writes the table: `python -m tests.chaos [--stack NAME]`."""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.results import Results, Table, markdown, terminal_lines
from tests.chaos.stack import Timing
from tests.chaos.stacks import STACKS

# With the soak, and on a machine that does other things too, within ten minutes.
REPEAT_SECONDS = 360
SHORT_SOAK, LONG_SOAK = 60, 300
DEFAULT = Path(__file__).parents[2] / "docs" / "chaos-table.md"


def main(arguments: list[str]) -> int:
    """Breaks one stack here, or both side by side in processes of their own."""
    options = _options(arguments)
    # A polite end, too, ends all that was started.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if options.results is not None:
        return _one(options)
    began = time.monotonic()
    results = _side_by_side(options, arguments)
    table = Table(results)
    print("\n".join(terminal_lines(table)))
    print(f"{time.monotonic() - began:.0f} s in all")
    for line in results.wrong:
        print(f"WRONG: {line}")
    if options.table is not None:
        options.table.write_text(markdown(table, machine=_machine(), timing=_timing(options)))
    return 1 if results.wrong or not (results.faults or results.soaks) else 0


def _one(options: argparse.Namespace) -> int:
    from tests.chaos.one_stack import stack_break

    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} s {options.stack}] {line}", flush=True)

    results = stack_break(
        options.stack,
        timing=Timing(options.lease, options.sweep),
        only=options.only,
        times=options.times,
        seconds=options.seconds,
        soak_seconds=options.soak,
        tell=tell,
    )
    options.results.write_text(results.model_dump_json())
    return 0


def _side_by_side(options: argparse.Namespace, arguments: list[str]) -> Results:
    """All stacks at once: each mostly waits."""
    names = list(STACKS) if options.stack == "both" else [options.stack]
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in names}
        started = {
            name: subprocess.Popen(
                [sys.executable, "-m", "tests.chaos", *arguments]
                + ["--stack", name, "--results", str(file)]
            )
            for name, file in files.items()
        }
        try:
            return _together(started, files)
        finally:
            for process in started.values():
                process.terminate()
                process.wait()


def _together(started: "dict[str, subprocess.Popen[bytes]]", files: dict[str, Path]) -> Results:
    together = Results()
    for name, process in started.items():
        if process.wait() == 0:
            one = Results.model_validate_json(files[name].read_text())
            together.faults += one.faults
            together.soaks += one.soaks
            together.at_the_end += one.at_the_end
        else:
            together.at_the_end.append(f"{name}: the suite itself failed, see above")
    return together


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--stack", choices=[*STACKS, "both"], default="both")
    parser.add_argument("--only", nargs="*", default=[], help="words that titles of faults have")
    parser.add_argument("--times", type=int, default=3, help="how often each is done at most")
    parser.add_argument(
        "--seconds",
        type=int,
        default=REPEAT_SECONDS,
        help="when nothing more is repeated; all are done once in any case",
    )
    parser.add_argument("--lease", type=int, default=Timing().lease, help="seconds")
    parser.add_argument("--sweep", type=int, default=Timing().sweep, help="seconds")
    parser.add_argument(
        "--soak",
        type=int,
        nargs="?",
        const=LONG_SOAK,
        help=f"seconds of the soak, a submission each; {LONG_SOAK} without a number",
    )
    parser.add_argument("--table", type=Path, help=f"where to write it ({DEFAULT} if all is run)")
    parser.add_argument("--results", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.soak is None:
        options.soak = 0 if options.only else SHORT_SOAK
    if options.table is None and options.stack == "both" and not options.only:
        options.table = DEFAULT
    return options


def _machine() -> str:
    return (
        f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )


def _timing(options: argparse.Namespace) -> str:
    return (
        f"A lease lasts {options.lease} s and a sweep comes every {options.sweep} s; by default "
        "they are 30 s and 15 s, and recovery takes that much longer."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
