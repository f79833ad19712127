"""The command line: reads it, runs a command, ends with a status that tells how it went."""

import os
import sys
from collections.abc import Sequence

from springboard.cli.output import Output
from springboard.cli.parser import arguments_translate, parser_make
from springboard.errors import SpringboardError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status; `springboard --help` lists them."""
    words = arguments_translate(sys.argv[1:] if arguments is None else arguments)
    _write_utf8()
    options = parser_make().parse_args(words)
    output = Output(as_json=options.json, quiet=options.quiet)
    try:
        status: int = options.run(options, output)
    except SpringboardError as error:
        output.problem(error)
        return error.exit_status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us, such as `head`, has enough; nothing more is to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _write_utf8() -> None:
    """Lets a Windows console that knows few characters show the others as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
