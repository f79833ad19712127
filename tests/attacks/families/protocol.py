"""Speaking the runner's protocol in its place."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, TaskName, Upload

# For those that wait in vain: long enough to start on a busy machine.
_SHORT = (("wall_seconds", "3"),)
_BAD = frozenset({Verdict.RUNTIME_ERROR})
_INVALID = frozenset({Verdict.INVALID_PREDICTIONS})
_LATE = frozenset({Verdict.TIMEOUT})
_SCORED = frozenset({Verdict.SCORED})
_NONSENSE = ("^bad_protocol: ",)
_EXITED = ("^exited: ",)

# What it writes to the pipe in place of an answer, and how that must end.
_WRITES: dict[str, tuple[str, frozenset[Verdict], tuple[str, ...]]] = {
    "garbage": ("garbage", _BAD, _NONSENSE),
    "zeros": ("nothing but zeros", _BAD, _NONSENSE),
    "huge_length": ("a frame of 4 GB", _BAD, _NONSENSE),
    "negative_length": ("a frame of a length that is negative to some", _BAD, _NONSENSE),
    "over_the_limit": ("a frame a byte longer than agreed", _BAD, _NONSENSE),
    "other_magic": ("a frame of another protocol", _BAD, _NONSENSE),
    "other_padding": ("a frame that uses a reserved byte", _BAD, _NONSENSE),
    "unknown_kind": ("a frame of an unknown kind", _BAD, _NONSENSE),
    "kind_zero": ("a frame of kind 0", _BAD, _NONSENSE),
    "part_of_a_header": ("half a header, then its end", _BAD, _EXITED),
    "part_of_a_frame": ("half a frame, then its end", _BAD, _EXITED),
    "header_and_silence": ("a header, then nothing", _LATE, ("^out_of_time: ",)),
    "half_and_silence": ("half a frame, then nothing", _LATE, ("^out_of_time: ",)),
    "drip": ("a frame, a byte at a time", _LATE, ("^out_of_time: ",)),
    "hello_again": ("another hello", _BAD, _NONSENSE),
    "configure": ("the host's orders", _BAD, _NONSENSE),
    "ready_again": ("being ready once more", _BAD, _NONSENSE),
    "inputs": ("inputs of its own", _BAD, _NONSENSE),
    "end": ("the host's end", _BAD, _NONSENSE),
    "file": ("a file, as a preparation sends them", _BAD, _NONSENSE),
    "start": ("documents", _BAD, _NONSENSE),
    "empty_answer": ("an answer of nothing", _BAD, _NONSENSE),
    "failure_of_nothing": ("a failure without words", _BAD, _NONSENSE),
    "failure_no_json": ("a failure that is no JSON", _BAD, _NONSENSE),
    "failure_deep": ("a failure nested without end", _BAD, _NONSENSE),
    "failure_large": ("a failure of a megabyte", _BAD, ("^predict_failed: .{1,800}$",)),
    "failure_digits": (
        "a failure with a line number of a thousand digits",
        _BAD,
        ("^predict_failed: ",),
    ),
    "failure_lists": ("a failure whose words are lists", _BAD, _NONSENSE),
    "failure_of_ours": ("a failure that calls itself our fault", _BAD, _NONSENSE),
    "failure_prepare": ("a failure of the task's preparation", _BAD, _NONSENSE),
    "failure_control": (
        "a failure with control characters and markup",
        _BAD,
        ("^predict_failed: ",),
    ),
    "header_too_long": ("an array header longer than its frame", _BAD, _NONSENSE),
    "header_no_json": ("an array header that is no JSON", _BAD, _NONSENSE),
    "header_no_list": ("an array header that is no list", _BAD, _NONSENSE),
    "header_deep": ("an array header nested without end", _BAD, _NONSENSE),
    "header_numbers": ("an array header of numbers", _BAD, _NONSENSE),
    "no_arrays": ("no array at all", _INVALID, ("^predictions_missing: ",)),
    "many_arrays": ("hundreds of arrays", _INVALID, ("^predictions_missing: ",)),
    "same_name_twice": ("two arrays of one name", _INVALID, ("^predictions_missing: ",)),
    "long_name": ("a name of 16,000 characters", _INVALID, ("^predictions_missing: .{1,800}$",)),
    "surrogate_name": ("a name that is no Unicode", _INVALID, ("^predictions_missing: ",)),
    "negative_shape": ("a negative shape", _BAD, _NONSENSE),
    "fraction_shape": ("a shape of fractions", _BAD, _NONSENSE),
    "true_shape": ("a shape of truth values", _BAD, _NONSENSE),
    "shape_2_63": ("a shape of 2**63", _BAD, _NONSENSE),
    "shape_product": ("a shape whose product overflows", _INVALID, ("^predictions_shape: ",)),
    "shape_40_axes": ("a shape of 40 axes", _BAD, _NONSENSE),
    "shape_nan": ("a shape of NaN", _BAD, _NONSENSE),
    "no_shape": ("an array without a shape", _BAD, _NONSENSE),
    "dtype_object": ("an array of objects", _INVALID, ("^predictions_type: ",)),
    "dtype_void": ("an array of 100 MB an element", _INVALID, ("^predictions_type: ",)),
    "dtype_fields": ("an array of fields", _INVALID, ("^predictions_type: ",)),
    "dtype_lie": ("bytes of another type than said", _INVALID, ("^predictions_size: ",)),
    "more_bytes": ("more bytes than said", _INVALID, ("^predictions_size: ",)),
    "fewer_bytes": ("fewer bytes than said", _INVALID, ("^predictions_size: ",)),
    "unknown_first": ("an array of unknown size before another", _BAD, _NONSENSE),
    "npy_1_gb": ("a .npy file with a header of 1 GB", _BAD, _NONSENSE),
    "npy_objects": ("a .npy file of objects", _BAD, _NONSENSE),
    "pickle": ("a pickle that runs a program where it is read", _BAD, _NONSENSE),
    "nan_payload": ("NaN with a message in its bits", _INVALID, ("^predictions_not_finite: ",)),
    "flood": ("frames without end, from a thread", _BAD, _NONSENSE),
}

_WAYS: dict[str, tuple[str, frozenset[Verdict]]] = {
    "answers_twice": ("an answer twice", _SCORED | _BAD),
    "steals_input": ("reading what the host says next", _SCORED | _BAD),
    "child_answers": ("answering from a child as well", _SCORED | _BAD),
    "duplicates": ("duplicating all descriptors, and writing to each", _BAD),
    "patches_runner": ("changing the runner's own functions", _BAD),
    "closes_and_reuses": ("a file of its own in place of the pipe", _BAD | _LATE),
    "huge_write": ("a gigabyte into the pipe", _BAD | frozenset({Verdict.OUT_OF_MEMORY})),
}

_LOCKSTEP: dict[str, tuple[str, frozenset[Verdict], str, tuple[str, ...]]] = {
    "early": ("answering steps that were not asked", _BAD, "answering early", _NONSENSE),
    "early_at_start": ("answering before the first step", _BAD, "answering early", _NONSENSE),
    "peek": ("reading symbols that it has not paid for", _BAD | _LATE, "peeked b''", ()),
    "replay": ("the number of an earlier step", _BAD, "replaying", _NONSENSE),
    "certain": ("claiming every symbol to be certain", _SCORED, "certain of all", ()),
    "rewrites": ("changing an answer after the symbol came", _BAD, "rewriting", _NONSENSE),
}


def _limits(verdicts: frozenset[Verdict]) -> tuple[tuple[str, str], ...]:
    return _SHORT if Verdict.TIMEOUT in verdicts else ()


ATTACKS = (
    *(
        Attack(
            "protocol",
            name,
            tries,
            Upload("protocol/writes.py", argument=name, limits=_limits(verdicts)),
            verdicts,
            prints=(rf"^writing {name}$",),
            tells=tells,
            host_side=True,
        )
        for name, (tries, verdicts, tells) in _WRITES.items()
    ),
    *(
        Attack(
            "protocol",
            name,
            tries,
            Upload(
                "protocol/ways.py", argument=name, limits=_limits(verdicts), next_is_judged=True
            ),
            verdicts,
            prints=(rf"^trying {name}$",),
        )
        for name, (tries, verdicts) in _WAYS.items()
    ),
    Attack(
        "protocol",
        "answers_before_asked",
        "an answer before there is a question, in batch",
        Upload("protocol/early.py"),
        _BAD | _INVALID,
        prints=("^answering early$",),
    ),
    *(
        Attack(
            "protocol",
            f"lockstep_{name}",
            tries,
            Upload(
                f"protocol/lockstep_{name.removesuffix('_at_start')}.py",
                argument=name,
                task=TaskName.LINES,
                limits=_limits(verdicts),
            ),
            verdicts,
            prints=(rf"^{printed}$",),
            tells=tells,
        )
        for name, (tries, verdicts, printed, tells) in _LOCKSTEP.items()
    ),
)
