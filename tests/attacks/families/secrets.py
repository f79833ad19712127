"""Carrying hidden inputs out of the judged stage, past what is told of it."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, TaskName, Upload

_SCORED = frozenset({Verdict.SCORED})
_FAILS = frozenset({Verdict.RUNTIME_ERROR})
_INVALID = frozenset({Verdict.INVALID_PREDICTIONS})
_STAGE = " in the judged stage"
# Nothing between what was raised and the stage: no line, no file, no words.
_BARE = (rf"^predict_failed: predict raised (Exception|ValueError){_STAGE}\.$",)
_ENDED = ("^judged_exited: ",)
_NO_FIGURE = (r"^judged_predictions(_missing)?: [^0-9]*(0 to 1|add up to 1)?[^0-9]*$",)

_CARRIERS: dict[str, tuple[str, frozenset[Verdict], tuple[str, ...]]] = {
    "prints": ("printing them", _SCORED, ()),
    "prints_in_a_child": ("printing them in a child", _SCORED, ()),
    "prints_slowly": ("printing at times that mean something", _SCORED, ()),
    "warns": ("warning of them", _SCORED, ()),
    "raises": (
        "raising them as a message",
        _FAILS,
        (r"^predict_failed: predict raised ValueError \(model\.py, line \d+\)",),
    ),
    "raises_type": (
        "raising an exception that is named by them",
        _FAILS,
        (r"^predict_failed: predict raised Exception \(model",),
    ),
    "raises_base": ("raising what no handler catches, named by them", _FAILS, _ENDED),
    "raises_cause": ("raising them as a cause", _FAILS, (r"raised ValueError \(model",)),
    "raises_notes": ("raising them as notes", _FAILS, (r"raised ValueError \(model",)),
    "raises_group": ("raising a group of them", _FAILS, (r"raised ExceptionGroup \(model",)),
    "raises_built_in_name": (
        "an exception that calls itself a built-in",
        _FAILS,
        (r"raised KeyError \(model",),
    ),
    "raises_at_line": ("raising at a line of a long file that means something", _FAILS, _BARE),
    "raises_in_file": ("raising in one of many files that means something", _FAILS, _BARE),
    "raises_at_made_up_line": ("raising at a line that no file has", _FAILS, _BARE),
    "raises_in_made_up_file": ("raising in a file that is named by them", _FAILS, _BARE),
    "syntax_error": (
        "an error of syntax that quotes them",
        _FAILS,
        (r"raised SyntaxError \(model",),
    ),
    "forges_message": ("forging a failure with them as its message", _FAILS, _BARE),
    "forges_type": ("forging a failure with them as its type", _FAILS, (r"raised Exception in",)),
    "forges_note": (
        "forging a failure with them as versions",
        frozenset({Verdict.LOAD_ERROR}),
        (r"^model_file_load_failed: model\.py could not be loaded: Exception\.$",),
    ),
    "forges_step": ("forging a failure with them as its step", _FAILS, ("^bad_protocol: ",)),
    "forges_line": ("forging a failure with them as its line", _FAILS, (r"raised Exception in",)),
    "forges_import": (
        "forging a failure to import them",
        frozenset({Verdict.LOAD_ERROR}),
        (r"^model_import_failed: model\.py could not be imported: Exception\.$",),
    ),
    "exits": ("an exit status", _FAILS, _ENDED),
    "exits_by_signal": ("the signal that ends it", _FAILS, _ENDED),
    "frame_kind": ("the kind of a frame that does not exist", _FAILS, ("^bad_protocol: [^0-9]*$",)),
    "output_name": ("the name of an output", _INVALID, _NO_FIGURE),
    "output_count": ("the number of outputs", _INVALID, _NO_FIGURE),
    "field_name": ("the name of a field", _INVALID, _NO_FIGURE),
    "dtype": ("the type of the predictions", _INVALID, _NO_FIGURE),
    "shape": ("the shape of the predictions", _INVALID, _NO_FIGURE),
    "axes": ("the number of their axes", _INVALID, _NO_FIGURE),
    "value": ("a value that is out of range", _INVALID, _NO_FIGURE),
    "sum": ("what probabilities add up to", _INVALID, _NO_FIGURE),
    "nan_count": ("the number of NaN", _INVALID, _NO_FIGURE),
    "byte_count": ("the number of bytes", _INVALID, _NO_FIGURE),
    "probabilities": ("the predictions themselves, where tables show them", _SCORED, ()),
    "memory_error": (
        "a failure for memory of a size that means something",
        frozenset({Verdict.OUT_OF_MEMORY}),
        (r"^out_of_memory: The model asked for more than 512 MB",),
    ),
}

_MANY_FILES = tuple((f"part{number}.py", "pass\n" * 100) for number in range(100))
_BESIDE = {
    "raises_in_file": _MANY_FILES,
    "raises_at_line": (("long.py", "x = 1\n" * 9_999),),
}
_LOCKSTEP: dict[str, tuple[str, frozenset[Verdict], tuple[str, ...]]] = {
    "raises": (
        "raising the symbols of hidden documents",
        _FAILS,
        (r"^predict_failed: step raised ValueError \(model\.py, line \d+\) in",),
    ),
    "nan": ("NaN at a symbol that was seen", _INVALID, _NO_FIGURE),
    "impossible": ("calling what was seen impossible", _INVALID, _NO_FIGURE),
}

ATTACKS = (
    *(
        Attack(
            "secrets",
            name,
            tries,
            Upload("secrets/carries.py", argument=name, beside=_BESIDE.get(name, ())),
            verdicts,
            prints_judged=(r"^carrying \d{4}$",),
            tells=tells,
            carries=True,
        )
        for name, (tries, verdicts, tells) in _CARRIERS.items()
    ),
    *(
        Attack(
            "secrets",
            f"lockstep_{name}",
            tries,
            Upload("secrets/lockstep.py", argument=name, task=TaskName.LINES),
            verdicts,
            tells=tells,
            carries=True,
        )
        for name, (tries, verdicts, tells) in _LOCKSTEP.items()
    ),
)
