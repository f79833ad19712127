"""Answering with what is no array of numbers, or with numbers that break arithmetic."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_SCORED = frozenset({Verdict.SCORED})
_INVALID = frozenset({Verdict.INVALID_PREDICTIONS})
_FAILS = frozenset({Verdict.RUNTIME_ERROR})
_MEMORY = frozenset({Verdict.OUT_OF_MEMORY})
_TYPE, _SHAPE = ("^predictions_type: ",), ("^predictions_shape: ",)
_NOT_FINITE, _MISSING = ("^predictions_not_finite: ",), ("^predictions_missing: ",)
_RAISED = ("^predict_failed: ",)

# In the practice stage, whose inputs are known, figures are told: they help.
_ANSWERS: dict[str, tuple[str, frozenset[Verdict], tuple[str, ...]]] = {
    "objects": ("an array of objects", _FAILS, _RAISED),
    "pickles": ("objects that run a program when they are unpickled", _FAILS, _RAISED),
    "ragged": ("rows of different lengths", _FAILS, _RAISED),
    "nothing": ("nothing", _FAILS, _RAISED),
    "generator": ("a generator without end", _FAILS, _RAISED),
    "strings": ("text", _INVALID, ("^predictions_type: .*<U3",)),
    "numbers_as_text": ("numbers as text", _INVALID, _TYPE),
    "booleans": ("truth values", _INVALID, _TYPE),
    "dates": ("dates", _INVALID, _TYPE),
    "complex": ("complex numbers", _INVALID, _TYPE),
    "float16": ("half precision", _INVALID, _TYPE),
    "float64": ("double precision", _INVALID, _TYPE),
    "float128": ("more than double precision", _INVALID, _TYPE),
    "big_endian": ("the other order of bytes", _INVALID, _TYPE),
    "structured": ("an array of fields", _INVALID, _TYPE),
    "void": ("an array of raw bytes", _INVALID, _TYPE),
    "zero_size": ("no rows", _INVALID, _SHAPE),
    "zero_columns": ("no columns", _INVALID, _SHAPE),
    "scalar": ("one number", _INVALID, _SHAPE),
    "one_more": ("a row more", _INVALID, _SHAPE),
    "one_fewer": ("a row fewer", _INVALID, _SHAPE),
    "transposed": ("rows as columns", _INVALID, (r"^predictions_shape: .*\(2, 30\)",)),
    "many_axes": ("as many axes as numpy has", _INVALID, _SHAPE),
    "nan": ("NaN", _INVALID, ("^predictions_not_finite: .* 60 values",)),
    "nan_payload": ("NaN with a message in its bits", _INVALID, _NOT_FINITE),
    "signalling_nan": ("NaN that traps", _INVALID, _NOT_FINITE),
    "infinity": ("infinity", _INVALID, _NOT_FINITE),
    "negative": ("negative probabilities", _INVALID, ("^probabilities_out_of_range: .*-0.5",)),
    "large": (
        "probabilities of 1e38, whose sums overflow",
        _INVALID,
        ("^probabilities_out_of_range: .*",),
    ),
    "halves": ("probabilities that don't add up", _INVALID, ("^probabilities_sum: .*0.5",)),
    "zeros": ("probabilities of nothing", _INVALID, ("^probabilities_sum: ",)),
    "denormal": ("the smallest numbers that there are", _SCORED, ()),
    "certain_and_wrong": ("certainty, right or wrong", _SCORED, ()),
    "strided": ("every second of an array", _SCORED, ()),
    "fortran": ("columns first", _SCORED, ()),
    "reversed": ("an array read backwards", _SCORED, ()),
    "read_only": ("an array over somebody's bytes", _SCORED, ()),
    "masked": ("an array with a mask", _SCORED, ()),
    "array_like": ("an object that becomes an array when it is asked", _SCORED, ()),
    "broadcast": ("a terabyte of one repeated number", _MEMORY, ("^out_of_memory: ",)),
    "claims_large": ("an object that becomes an array of 8 GB", _MEMORY | _FAILS, ()),
    "slow_array": (
        "an object that never becomes an array",
        frozenset({Verdict.TIMEOUT}),
        ("^out_of_time: ",),
    ),
    "liar": ("an object that says it is a tensor", _FAILS, _RAISED),
    "other_name": ("an output of another name", _INVALID, ("^predictions_missing: .*'other'",)),
    "two_names": ("an output too many", _INVALID, _MISSING),
    "no_names": ("a dictionary of nothing", _INVALID, _MISSING),
    "odd_names": ("outputs named by numbers and objects", _INVALID, _MISSING),
    "twin_names": ("two names that read the same", _INVALID | _SCORED, ()),
    "million_names": ("a million outputs", _FAILS | _INVALID | _MEMORY | {Verdict.TIMEOUT}, ()),
    "nested": ("dictionaries in dictionaries", _FAILS, _RAISED),
}

ATTACKS = tuple(
    Attack(
        "predictions",
        name,
        tries,
        Upload("predictions/answers.py", argument=name, limits=(("wall_seconds", "5"),)),
        verdicts,
        prints=(rf"^answering {name}$",),
        tells=tells,
        host_side=True,
    )
    for name, (tries, verdicts, tells) in _ANSWERS.items()
)
