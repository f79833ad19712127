"""Words for a task file that isn't valid: the key, what is wrong with it, and the fix."""

import difflib
from collections.abc import Iterable
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_SHOWN = 60
_SIZES = 'a shape is "n" first, then whole numbers from 1 to 1000000'
# By pydantic's type of error; it speaks of Python, the author writes TOML or JSON.
_WORDS = {
    "string_type": "must be text in quotes, not {input}",
    "int_type": "must be a whole number, not {input}",
    "float_type": "must be a number, not {input}",
    "bool_type": "must be true or false, not {input}",
    "tuple_type": "must be a list in brackets, not {input}",
    "dict_type": "must be a table, not {input}",
    "model_type": "must be a table, not {input}",
    "finite_number": "must be a finite number, not {input}",
    "greater_than": "must be more than {gt}, not {input}",
    "greater_than_equal": "must be at least {ge}, not {input}",
    "less_than": "must be less than {lt}, not {input}",
    "less_than_equal": "must be at most {le}, not {input}",
    "too_short": "needs at least {min_length}, not {actual_length}",
    "too_long": "takes at most {max_length}, not more",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "{input} does not have the form {pattern}",
    "missing": "is missing; add it",
}


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Ends an error about an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known are {', '.join(names)}" if names else ""


def errors_explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Says what is wrong, a line for each key.

    Args:
        error: from validating a document.
        model: what the document was to be.
    """
    lines = dict.fromkeys(_explain(details, model) for details in error.errors())
    return "\n".join(f"  {line}" for line in lines)


def _explain(details: ErrorDetails, model: type[BaseModel]) -> str:
    # Of a union pydantic names each member that it tried; the author wrote only the key.
    path = [
        part for part in details["loc"] if not str(part).startswith(("literal[", "constrained"))
    ]
    words = _problem(details, path, model)
    if path[-1:] == ["[key]"]:  # the name of a table, not a key in it
        path.pop()
    return f"{'.'.join(map(str, path)) or '(top)'}: {words}"


def _problem(details: ErrorDetails, path: list[int | str], model: type[BaseModel]) -> str:
    kind = details["type"]
    context = details.get("ctx", {})
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(path[-1]), _keys(model, path[:-1]))}"
    if len(path) > 1 and path[-2] == "shape":
        return f"{_SIZES}; {_shown(details['input'])} is neither"
    if kind == "literal_error":
        return f"must be {context['expected']}, not {_shown(details['input'])}"
    template = _WORDS.get(kind)
    if template is None:
        return details["msg"]
    return template.format(**context, input=_shown(details["input"]))


def _shown(value: object) -> str:
    """A value of the document, cut."""
    try:
        text = str(value).lower() if isinstance(value, bool) else repr(value)
    except RecursionError:
        return "a table in tables without end"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _keys(model: type[BaseModel], path: list[int | str]) -> list[str]:
    """Names of the keys that a table may have; none where it can't be told."""
    kind: Any = model
    for part in path:
        if models := _models(kind):
            fields = [one.model_fields[str(part)] for one in models if part in one.model_fields]
            kind = fields[0].annotation if fields else None
        else:
            # A dictionary's values come last among its arguments, a tuple's items first.
            arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
            kind = arguments[-1] if arguments else None
    return [name for one in _models(kind) for name in one.model_fields]


def _models(kind: Any) -> list[type[BaseModel]]:
    """The models that a type allows: itself, or those of a table that may be left out."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if get_origin(kind) in (Union, UnionType):
        return [one for argument in get_args(kind) for one in _models(argument)]
    return []
