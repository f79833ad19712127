"""Measures how well one human rater does in the film reviews: the line on their board.

    .venv/bin/python -m scripts.measure_raters

The package of the task has the single ratings, too. One rating of each sentence is drawn by chance
and compared with the mean of the other people's; the task's own metrics tell how well it agrees.
"""

import ast
import statistics
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics import METRICS
from evaluators.sources import sources_fetch
from evaluators.spec import spec_load

ROOT = Path(__file__).resolve().parents[1]
TASK = ROOT / "tasks" / "review_classification"
RATINGS = {
    "member": "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
    "//hutto_ICWSM_2014/movieReviewSnippets_anonDataRatings.txt",
    "member_sha256": "658a086bc7239b98b750baa232cab80e6447789020f96a6c847cc1248d7c82f4",
    "name": "ratings.txt",
}
BOUND = 0.75  # as in the task's prepare.py
DRAWS = 200
METRIC_NAMES = ("macro_f1", "accuracy", "quadratic_kappa")


def main() -> None:
    source = spec_load(TASK).source[0].model_copy(update=RATINGS)
    with tempfile.TemporaryDirectory() as folder:
        sources_fetch([source], into=Path(folder), on_line=print)
        ratings = read((Path(folder) / source.name).read_text(encoding="utf-8"))
    print(f"{len(ratings)} sentences, {min(map(len, ratings))} to {max(map(len, ratings))} ratings")
    random = np.random.default_rng(0)
    for name, others in (("the others' mean", True), ("the mean of all, his own too", False)):
        draws = [draw(ratings, random, others=others) for _ in range(DRAWS)]
        for metric in METRIC_NAMES:
            values = [scores[metric] for scores in draws]
            mean, sd = statistics.fmean(values), statistics.stdev(values)
            print(f"one rater against {name}: {metric} {mean:.4f} ± {sd:.4f}")


def read(text: str) -> list[NDArray[np.int64]]:
    """Reads the ratings of each sentence: the last of four columns, a list of whole numbers."""
    lists = (ast.literal_eval(line.split("\t")[3]) for line in text.splitlines())
    return [np.array(ratings, np.int64) for ratings in lists]


def draw(
    ratings: list[NDArray[np.int64]], random: np.random.Generator, *, others: bool
) -> dict[str, float]:
    """Takes one rating of each sentence for an answer, and scores it.

    Args:
        ratings: whole numbers from -4 to 4 of each sentence, at least two.
        random: chooses whose.
        others: whether the truth is the mean of the other ratings only.
    """
    sizes = np.array([len(some) for some in ratings])
    totals = np.array([some.sum() for some in ratings])
    chosen = np.array([some[random.integers(len(some))] for some in ratings])
    truth = (totals - chosen) / (sizes - 1) if others else totals / sizes
    target, answers = opinions(truth), np.eye(3)[opinions(chosen)]
    scores = {}
    for name in METRIC_NAMES:
        metric = METRICS[name]
        scores[name] = float(metric.combine(metric.item_stats(target, answers).sum(axis=0)))
    return scores


def opinions(ratings: NDArray[np.generic]) -> NDArray[np.int64]:
    """0 where a rating is negative, 2 where it is positive, 1 between."""
    values = ratings.astype(np.float64)
    return 1 + (values >= BOUND).astype(np.int64) - (values <= -BOUND)


if __name__ == "__main__":
    main()
