"""Where untrusted code runs: one interface, several backends.

Only the interface is imported here: backends need Linux, the interface does not.
"""

from evaluators.sandbox.base import (
    Ending,
    Outcome,
    Sandbox,
    SandboxSpec,
    Session,
    SessionStopped,
)
from evaluators.sandbox.select import sandbox_select

__all__ = [
    "Ending",
    "Outcome",
    "Sandbox",
    "SandboxSpec",
    "Session",
    "SessionStopped",
    "sandbox_select",
]
