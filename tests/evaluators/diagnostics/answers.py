"""Small tasks of each kind with answers to their items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.items import Items
from evaluators.spec import TaskSpec, spec_parse

KINDS = ("probabilities", "many_classes", "values", "mask", "bits")
STRATA = ("morning", "noon", "evening")

_TOML = """
title = "Toy"
summary = "For tests."
evaluator = "{evaluator}"
{tables}
{strata}
[split]
public_fraction = 0.5
[limits]
wall_seconds = 20
memory_mb = 512
artifact_mb = 5
"""
_STRATA = f'[strata]\ntitle = "Time of day"\nnames = {list(STRATA)}'
_INPUTS = {
    "probabilities": '[input.images]\ndtype = "float32"\nshape = ["n", 6, 6, 1]',
    "many_classes": '[input.text]\ndtype = "text"\nshape = ["n"]',
    "values": '[input.features]\ndtype = "float32"\nshape = ["n", 2]',
    "mask": '[input.images]\ndtype = "uint8"\nshape = ["n", 8, 8, 3]',
    "bits": '[input.text]\ndtype = "text"\nshape = ["n"]',
}
_OUTPUTS = {
    "probabilities": 'dtype = "float32"\nkind = "probabilities"\nshape = ["n", 3]\n'
    'classes = ["$x^{2$", "日本語", "dog"]\n[metrics]\nprimary = "log_loss"',
    "many_classes": 'dtype = "float32"\nkind = "probabilities"\nshape = ["n", 14]\n'
    f'classes = {[f"class {n}" for n in range(14)]}\n[metrics]\nprimary = "log_loss"',
    "values": 'dtype = "float32"\nshape = ["n"]\n[metrics]\nprimary = "rmse"',
    "mask": 'dtype = "uint8"\nkind = "mask"\nshape = ["n", 8, 8]\n[metrics]\nprimary = "iou"\n'
    'scorer = "scorer:score"\n[metrics.own.iou]\ntitle = "IoU"\ndirection = "maximize"',
}
_WORDS = (
    "to be",
    "or not",
    "žluťoučký kůň",
    "日本語",
    "that is the question",
    "x",
    "mind to suffer",
)


@dataclass(frozen=True)
class Toy:
    """A task's items with answers.

    Attributes:
        spec: of the task.
        items: N of them.
        predictions: answers to them.
    """

    spec: TaskSpec
    items: Items
    predictions: NDArray[np.generic]


def spec_of(kind: str, *, strata: bool = True) -> TaskSpec:
    metrics = '[metrics]\nprimary = "bits_per_character"'
    tables = f"[output.answer]\n{_OUTPUTS[kind]}" if kind in _OUTPUTS else metrics
    return spec_parse(
        _TOML.format(
            evaluator="lockstep" if kind == "bits" else "batch",
            tables=f"{_INPUTS[kind]}\n{tables}",
            strata=_STRATA if strata else "",
        )
    )


def toy(kind: str, rng: np.random.Generator, *, items: int, units: int, strata: bool = True) -> Toy:
    """Items of so many units in a random order, answered better than by chance."""
    spec = spec_of(kind, strata=strata)
    unit = rng.permutation(np.arange(items) % units).astype(np.int64)
    stratum = rng.integers(0, len(STRATA), items) if strata else None
    make = {
        "probabilities": _classes,
        "many_classes": _classes,
        "values": _values,
        "mask": _masks,
        "bits": _documents,
    }[kind]
    inputs, target, predictions = make(rng, items, spec)
    return Toy(spec, Items(inputs, target, unit, stratum), predictions)


Made = tuple[dict[str, NDArray[np.generic]], NDArray[np.generic], NDArray[np.generic]]


def _classes(rng: np.random.Generator, items: int, spec: TaskSpec) -> Made:
    classes = len(spec.output["answer"].classes or ())
    target = rng.integers(0, classes, items)
    scores = rng.gamma(0.5, size=(items, classes))
    scores[np.arange(items), target] += 0.6
    predictions = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    inputs: dict[str, NDArray[np.generic]] = (
        {"text": rng.choice(_WORDS, items)}
        if "text" in spec.input
        else {"images": rng.random((items, 6, 6, 1), np.float32)}
    )
    return inputs, target, predictions


def _values(rng: np.random.Generator, items: int, spec: TaskSpec) -> Made:
    target = rng.gamma(2.0, 50.0, items).astype(np.float32)
    predictions = (target * rng.normal(1.0, 0.2, items)).astype(np.float32)
    return {"features": rng.normal(size=(items, 2)).astype(np.float32)}, target, predictions


def _masks(rng: np.random.Generator, items: int, spec: TaskSpec) -> Made:
    share = rng.choice([0.01, 0.05, 0.3, 0.7], items)[:, None, None]
    target = (rng.random((items, 8, 8)) < share).astype(np.uint8)
    flipped = rng.random((items, 8, 8)) < rng.random(items)[:, None, None] / 4
    images = rng.integers(0, 256, (items, 8, 8, 3)).astype(np.uint8)
    return {"images": images}, target, (target ^ flipped).astype(np.uint8)


def _documents(rng: np.random.Generator, items: int, spec: TaskSpec) -> Made:
    texts = np.array([" ".join(rng.choice(_WORDS, rng.integers(0, 6))) for _ in range(items)])
    lengths = np.array([len(str(text).encode()) + 1 for text in texts])
    bits = rng.gamma(2.0, 1.0, (items, lengths.max())) + 1e-6
    bits[np.arange(bits.shape[1]) >= lengths[:, None]] = 0.0
    return {"text": texts}, np.array([len(str(text)) for text in texts]), bits
