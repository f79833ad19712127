"""Which diagnostics a task's answers get."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, Chosen, answered_public
from evaluators.diagnostics.bits import bits_by_position
from evaluators.diagnostics.classes import class_accuracy, class_stratum_accuracy, confusion
from evaluators.diagnostics.diagnostic import Draft
from evaluators.diagnostics.images import confident_mistakes
from evaluators.diagnostics.masks import iou_by_size, iou_histogram, overlays
from evaluators.diagnostics.reliability import reliability
from evaluators.diagnostics.sampled import drawn_measures
from evaluators.diagnostics.strata import error_by_stratum
from evaluators.diagnostics.texts import costliest_texts, drawn_texts, hardest_texts
from evaluators.diagnostics.values import observed_by_predicted, residuals
from evaluators.errors import TaskError
from evaluators.items import Items
from evaluators.report import Diagnostic, Samples, Split
from evaluators.spec import OutputKind, TaskSpec
from evaluators.targets import targets_check

logger = logging.getLogger(__name__)

Make = Callable[[Answered], Draft | None]
# Of groups of items: of the public split where its groups are large enough, else of the practice
# sample.
GROUPS: Mapping[OutputKind, tuple[Make, ...]] = {
    "probabilities": (
        confusion,
        class_accuracy,
        class_stratum_accuracy,
        reliability,
        error_by_stratum,
    ),
    "values": (observed_by_predicted, error_by_stratum),
    "mask": (iou_histogram, iou_by_size, error_by_stratum),
    "bits": (bits_by_position, error_by_stratum),
}


def practice_drafts(
    *,
    spec: TaskSpec,
    items: Items,
    predictions: NDArray[np.generic],
    public: Path,
    samples: Samples | None = None,
) -> tuple[Draft, ...]:
    """What is told of the practice sample: single items, and groups of any size.

    Args:
        spec: of the task.
        items: the practice sample.
        predictions: checked, in the order of the items.
        public: the folder that students have, for its training file.
        samples: what a language model drew.
    """
    answered = Answered(spec, items, predictions, Split.PRACTICE)
    single: Mapping[OutputKind, tuple[Make, ...]] = {
        "probabilities": (confident_mistakes, partial(hardest_texts, public=public)),
        "values": (residuals,),
        "mask": (overlays,),
        "bits": (partial(costliest_texts, public=public),),
    }
    drafts = _drafts(answered, (*single[spec.output_kind], *GROUPS[spec.output_kind]))
    if samples is not None:
        drafts += _tried(lambda: drawn_texts(samples, public))
        drafts += _tried(lambda: drawn_measures(answered, samples, public))
    return drafts


def public_drafts(
    *, spec: TaskSpec, items: Items, predictions: NDArray[np.generic], public: Chosen
) -> tuple[Draft, ...]:
    """What is told of the public ones of the judged items: groups of `LEAST_UNITS` units or more.

    Args:
        spec: of the task.
        items: all judged items; the private ones are left behind at once.
        predictions: checked, in the order of the items.
        public: bool [N], from `units_split`.
    """
    answered = answered_public(spec, items, predictions, public)
    return _drafts(answered, GROUPS[spec.output_kind])


def diagnostics_draw(
    practice: Iterable[Draft], public: Iterable[Draft] = ()
) -> tuple[Diagnostic, ...]:
    """Draws all; of what both splits tell, the public one."""
    public = tuple(public)
    told = {draft.name for draft in public}
    kept = (*public, *(draft for draft in practice if draft.name not in told))
    return tuple(one for draft in kept for one in _drawn(draft))


def _drafts(answered: Answered, makers: Iterable[Make]) -> tuple[Draft, ...]:
    if not len(answered.items) or not _understood(answered):
        return ()
    return tuple(draft for make in makers for draft in _tried(partial(make, answered)))


def _understood(answered: Answered) -> bool:
    """Whether targets are what the output says; only a task's own scorer may read others."""
    if not answered.spec.output or not answered.spec.metrics.own:
        return True
    try:
        targets_check(answered.spec.output[answered.spec.output_name], answered.items.target)
    except TaskError:
        return False
    return True


def _tried(make: Callable[[], Draft | None]) -> tuple[Draft, ...]:
    # Scores are what counts: no fault of a diagnostic may cost a participant theirs.
    try:
        draft = make()
    except Exception:
        logger.exception("a diagnostic is left out")
        return ()
    return () if draft is None else (draft,)


def _drawn(draft: Draft) -> tuple[Diagnostic, ...]:
    try:
        data = draft.table.document()
    except ValueError:
        logger.exception("the diagnostic %s is left out", draft.name)
        return ()
    picture: bytes | None = None
    if draft.draw is not None:
        try:
            picture = draft.draw()
        except Exception:
            logger.exception("the picture of %s is left out", draft.name)
    return (Diagnostic(draft.name, draft.title, draft.split, draft.caption, data, picture),)
