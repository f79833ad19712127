"""Texts of the practice sample with the training texts that they are most like."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evaluators.diagnostics.answered import Answered, figures, percent
from evaluators.diagnostics.classes import class_names
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.neighbours import Neighbour, nearest, training_load
from evaluators.diagnostics.worst import worst_first
from evaluators.report import Samples, Split

SHOWN = 8
SAMPLES_SHOWN = 6
LONGEST = 300
NEIGHBOUR_COLUMNS = ("nearest training text", "its likeness, %")


def hardest_texts(answered: Answered, public: Path) -> Draft | None:
    """The texts that a classifier is most surely wrong about, with their nearest neighbours."""
    text = _text_input(answered)
    if text is None:
        return None
    names = class_names(answered)
    worst = list(worst_first(answered, SHOWN))
    texts = [str(answered.items.inputs[text][one.item]) for one in worst]
    near = _nearest(texts, public)
    rows: list[tuple[Cell, ...]] = []
    for number, (one, shown) in enumerate(zip(worst, texts, strict=True)):
        row: tuple[Cell, ...] = (
            one.item, _cut(shown), names[one.true], names[one.answer], percent(one.sure),
        )  # fmt: skip
        if near is not None:
            label = near[number].target
            known = label is not None and 0 <= label < len(names)
            row += (
                *_neighbour(near[number]),
                names[label] if known and label is not None else None,
            )
        rows.append(row)
    columns: tuple[str, ...] = (
        "row in practice.npz",
        "text",
        "true class",
        "answered",
        "its confidence, %",
    )
    columns += (*NEIGHBOUR_COLUMNS, "its class") if near is not None else ()
    return Draft(
        "texts",
        "Hardest texts",
        answered.split,
        "Texts of the practice sample: the surest mistakes first, then what was right with the "
        "least certainty. Beside each, the training text that shares most of its pieces of three "
        "characters.",
        Table(columns, tuple(rows)),
    )


def costliest_texts(answered: Answered, public: Path) -> Draft | None:
    """The documents that cost a language model most, and least, bits a character."""
    bits = answered.predictions.sum(axis=1, dtype=np.float64) / (
        answered.items.target.astype(np.float64) + 1.0
    )
    order = np.argsort(-bits, kind="stable")
    half = SHOWN // 2
    shown = [int(item) for item in (*order[:half], *order[max(half, len(order) - half) :])]
    texts = [str(answered.items.inputs["text"][item]) for item in shown]
    near = _nearest(texts, public)
    rows = tuple(
        (item, figures(bits[item]), _cut(text), *(_neighbour(near[number]) if near else ()))
        for number, (item, text) in enumerate(zip(shown, texts, strict=True))
    )
    return Draft(
        "texts",
        "Costliest and cheapest texts",
        answered.split,
        "Documents of the practice sample that cost the most bits a character, then those that "
        "cost the least, with the training text that is most like each.",
        Table(
            ("row in practice.npz", "bits per character", "text")
            + (NEIGHBOUR_COLUMNS if near else ()),
            rows,
        ),
    )


def drawn_texts(samples: Samples, public: Path) -> Draft | None:
    """The first texts that a language model drew, with the training texts that they are like."""
    texts = list(samples.texts[:SAMPLES_SHOWN])
    if not texts:
        return None
    near = _nearest(texts, public)
    rows = tuple(
        (_cut(text), *(_neighbour(near[number]) if near else ()))
        for number, text in enumerate(texts)
    )
    return Draft(
        "samples",
        "What your model writes",
        Split.PRACTICE,
        "The first of the texts that were drawn, with the training text that is most like each: "
        "a likeness near 100 % is a copy.",
        Table(("text", *(NEIGHBOUR_COLUMNS if near else ())), rows),
    )


def _text_input(answered: Answered) -> str | None:
    return next((n for n, spec in answered.spec.input.items() if spec.dtype == "text"), None)


def _nearest(texts: Sequence[str], public: Path) -> list[Neighbour] | None:
    training = training_load(public)
    return None if training is None else nearest(texts, *training)


def _neighbour(one: Neighbour) -> tuple[str, int]:
    return _cut(one.text), percent(one.likeness)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"
