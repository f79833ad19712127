"""Printing what fills disks, confuses readers or hides something."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_LIMIT = frozenset({Verdict.OUTPUT_LIMIT})
_SCORED = frozenset({Verdict.SCORED})


def _attack(
    name: str, tries: str, verdicts: frozenset[Verdict], prints: tuple[str, ...] = ()
) -> Attack:
    upload = Upload(
        "output/prints.py", argument=name, next_is_judged=name in ("gigabyte", "dead_parent")
    )
    return Attack("output", name, tries, upload, verdicts, prints=prints)


ATTACKS = (
    _attack("gigabyte", "a gigabyte of output", _LIMIT),
    _attack("gigabyte_in_one_line", "a gigabyte without a line break", _LIMIT),
    _attack("from_a_child", "output without end from a child", _LIMIT),
    _attack("from_many_children", "output from many children at once", _LIMIT),
    _attack("past_the_cap", "more than is kept, and less than the limit", _SCORED, ("^line 1$",)),
    _attack("bytes", "bytes that are no text", _SCORED, ("^� and \x1b.31mred and � end$",)),
    _attack(
        "surrogates", "text that is no Unicode", _SCORED, ("^UnicodeEncodeError|^surrogates ",)
    ),
    _attack("closed", "closing where it prints", _SCORED, ("^before$",)),
    _attack("to_nobody", "reading what it is never given", _SCORED, ("^read b''$",)),
    _attack(
        "dead_parent", "printing after its end", frozenset({Verdict.RUNTIME_ERROR}), ("^first$",)
    ),
    _attack("silence", "waiting with a full pipe for nobody", _SCORED, (r"^unread \d+$",)),
)
