"""How a program is named and called inside a sandbox, which is the same in every backend."""

from pathlib import Path

from evaluators.sandbox.base import SandboxSpec


def package_name(program: Path) -> str:
    """The name of a program's package inside; a submission's own modules must not meet it."""
    return f"springboard_{program.name}"


def program_command(python: str, spec: SandboxSpec) -> list[str]:
    """The command that starts a program with an interpreter."""
    # -P: the working folder is not on the path; -s: no user site; -B: no caches.
    return [python, "-s", "-P", "-B", "-m", package_name(spec.program), *spec.arguments]
