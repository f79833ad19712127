"""The commands and their options, named as users of Kaggle's command line expect."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from springboard.cli import checking, competing, diagnosing, session, submitting
from springboard.cli.output import Output
from springboard.version import VERSION

Run = Callable[[argparse.Namespace, Output], int]

EPILOG = """\
exit status:
  0  done; with `check` and `submit --wait`: scored
  1  it ran, but the model was not scored
  2  a mistake in the command, or a missing file
  3  not logged in, or the token is not valid
  4  the server refused, and says why
  5  not now: a limit is used up, or it is not judged yet
  6  the server can't be reached, or failed

environment:
  SPRINGBOARD_SERVER, SPRINGBOARD_TOKEN  instead of `login`, as in CI
  SPRINGBOARD_CONFIG                     folder for settings and tokens
"""


def arguments_translate(words: Sequence[str]) -> list[str]:
    """`competitions submit ...` and the like, as Kaggle has them, to `submit ...`."""
    verbs = ("list", "download", "submit", "submissions", "leaderboard")
    if len(words) > 1 and words[0] in ("competitions", "c") and words[1] in verbs:
        return ["competitions" if words[1] == "list" else words[1], *words[2:]]
    return list(words)


def parser_make() -> argparse.ArgumentParser:
    """Makes the parser; each command's options name what runs it as `run`."""
    parser = argparse.ArgumentParser(
        prog="springboard",
        description="Download a competition, check a model at home, submit it, see where you are.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"springboard {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        _login, _logout, _competitions, _download, _check, _submit, _submissions, _logs,
        _diagnostics, _cancel,
        _leaderboard,
    ):  # fmt: skip
        add(commands)
    return parser


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(
    commands: Commands, name: str, run: Run, text: str, *, online: bool = True
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="print one JSON value")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress, no notes")
    if online:
        command.add_argument("--server", metavar="URL", help="another server than the usual one")
    return command


def _competition(command: argparse.ArgumentParser, *, positional: bool = True) -> None:
    help_text = "its short name (default: the one of the folder that you are in)"
    if positional:
        command.add_argument("named", nargs="?", metavar="COMPETITION", help=help_text)
    command.add_argument("-c", "--competition", metavar="COMPETITION", help=help_text)


def _login(commands: Commands) -> None:
    command = _command(commands, "login", session.login, "obtain a token and keep it", online=False)
    command.add_argument("url", metavar="URL", help="the server's address")
    command.add_argument("-u", "--username", metavar="NAME", help="asked for if it is not given")
    command.add_argument(
        "--token",
        action="store_true",
        help="paste a token of your account's page instead of a password",
    )


def _logout(commands: Commands) -> None:
    _command(commands, "logout", session.logout, "revoke the token and forget it")


def _competitions(commands: Commands) -> None:
    _command(commands, "competitions", competing.competitions, "list competitions")


def _download(commands: Commands) -> None:
    command = _command(
        commands, "download", competing.download, "download kit and data into one folder"
    )
    _competition(command)
    command.add_argument(
        "-p", "--path", type=Path, metavar="DIR", help="where to (default: its short name)"
    )
    command.add_argument(
        "-o", "--force", action="store_true", help="overwrite files that differ from the kit's"
    )


def _check(commands: Commands) -> None:
    command = _command(
        commands,
        "check",
        checking.check_run,
        "run a submission on the practice sample, as the server will; needs no server",
        online=False,
    )
    _file(command)
    command.add_argument("--task", type=Path, help="folder with task.toml (default: the kit's)")
    command.add_argument("--data", type=Path, help="folder with practice.npz (default: the kit's)")


def _submit(commands: Commands) -> None:
    command = _command(commands, "submit", submitting.submit, "submit a model")
    _file(command)
    _competition(command, positional=False)
    command.add_argument("-m", "--message", default="", help="a note of yours")
    command.add_argument("--wait", action="store_true", help="until it is judged")
    command.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait at most"
    )


def _submissions(commands: Commands) -> None:
    command = _command(
        commands, "submissions", submitting.submissions, "list your submissions, or show one"
    )
    command.add_argument("submission", nargs="?", metavar="SUBMISSION", help="the id of one")
    _competition(command, positional=False)
    _limit(command, 20)


def _logs(commands: Commands) -> None:
    command = _command(
        commands, "logs", submitting.logs, "show what a model printed on the practice sample"
    )
    command.add_argument(
        "submission", nargs="?", metavar="SUBMISSION", help="its id (default: your newest)"
    )
    _competition(command, positional=False)


def _diagnostics(commands: Commands) -> None:
    command = _command(
        commands,
        "diagnostics",
        diagnosing.diagnostics,
        "show where a model is good and where it is not",
    )
    command.add_argument(
        "submission", nargs="?", metavar="SUBMISSION", help="its id (default: your newest)"
    )
    command.add_argument(
        "-o", "--out", type=Path, metavar="FOLDER", help="save tables as JSON and pictures as PNG"
    )
    _competition(command, positional=False)


def _cancel(commands: Commands) -> None:
    command = _command(commands, "cancel", submitting.cancel, "cancel a submission")
    command.add_argument("submission", metavar="SUBMISSION", help="its id")


def _leaderboard(commands: Commands) -> None:
    command = _command(commands, "leaderboard", competing.leaderboard, "show who is where")
    _competition(command)
    _limit(command, 50)
    command.add_argument("-s", "--show", action="store_true", help=argparse.SUPPRESS)


def _file(command: argparse.ArgumentParser) -> None:
    text = "a zip, a folder with model.py, or one model file"
    command.add_argument("path", nargs="?", type=Path, metavar="PATH", help=text)
    command.add_argument("-f", "--file", type=Path, metavar="PATH", help=text)


def _limit(command: argparse.ArgumentParser, default: int) -> None:
    command.add_argument(
        "-n", "--limit", type=_positive, default=default, metavar="N",
        help=f"rows at most (default: {default})",
    )  # fmt: skip


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
