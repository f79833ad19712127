"""What a participant is shown beside scores: small tables, and pictures of them.

Of single items only the practice sample speaks, whose labels students hold. Of the judged items
only public ones enter, and only groups of `LEAST_UNITS` units or more leave. Private ones never do.
"""

from evaluators.diagnostics.answered import LEAST_UNITS, Answered
from evaluators.diagnostics.diagnostic import Draft
from evaluators.diagnostics.make import diagnostics_draw, practice_drafts, public_drafts

__all__ = [
    "LEAST_UNITS",
    "Answered",
    "Draft",
    "diagnostics_draw",
    "practice_drafts",
    "public_drafts",
]
