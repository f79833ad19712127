"""How often an evaluation is tried, and what its team is told of that."""

from server.submissions.models import Evaluation

MAX_ATTEMPTS = 3

_LOST = {
    1: f"Attempt 2 of {MAX_ATTEMPTS}: the first was lost by a fault of ours; it doesn’t count "
    "against your limit.",
    2: f"Attempt 3 of {MAX_ATTEMPTS}: the first two were lost by faults of ours; they don’t count "
    "against your limit.",
}
_AGAIN = "Your instructor has it judged again; this doesn’t count against your limit."


def attempt_note(evaluation: Evaluation) -> str:
    """Says which attempt an evaluation waits for or is in; empty for an ordinary first."""
    if not evaluation.is_active:
        return ""
    notes = [_AGAIN if evaluation.behind else "", _LOST.get(evaluation.failures, "")]
    return " ".join(note for note in notes if note)
