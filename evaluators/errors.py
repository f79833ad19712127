"""The three faults, as three branches.

EvaluatorError
├── SubmissionError      theirs: becomes a verdict, with a message from the catalogue
├── TaskError            the task author's: instructors are told, the student is not charged
└── InfrastructureError  ours: retried under a lease, the quota is refunded

Whose fault it is, is decided by evidence from outside the sandbox. After the runner's
handshake any exit, signal, silence or bad frame is a SubmissionError; otherwise killing
one's own runner would earn free retries.
"""

from evaluators.messages import Message, message


class EvaluatorError(Exception):
    """Base of all that judging can raise."""


class SubmissionError(EvaluatorError):
    """The participant's code or upload is at fault.

    Args:
        code: a key of `evaluators.messages.CATALOGUE`.
        **details: what the wording of that message asks for.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.message: Message = message(code, **details)
        super().__init__(self.message.text)


class TaskError(EvaluatorError):
    """The task's author is at fault: a bad `task.toml`, `prepare.py`, data or scorer."""


class InfrastructureError(EvaluatorError):
    """We are at fault: the sandbox can't start, a disk is full, a worker is broken."""
