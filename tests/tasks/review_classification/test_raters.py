"""The line of one human rater is measured as its note says."""

import numpy as np
import pytest

from evaluators.spec import spec_load
from scripts.measure_raters import TASK, draw, opinions, read

RATINGS = "1\t1.5\t0.5\t[2, 1]\n2\t-1.0\t0.0\t[-1, -1, -1]\n3\t0.0\t1.0\t[1, -1]\n"


def test_ratings_are_read() -> None:
    assert [some.tolist() for some in read(RATINGS)] == [[2, 1], [-1, -1, -1], [1, -1]]


def test_classes_are_the_tasks() -> None:
    assert opinions(np.array([-4, -0.75, -0.7, 0, 0.7, 0.75, 4])).tolist() == [0, 0, 1, 1, 1, 2, 2]


def test_who_rates_as_all_others_is_always_right() -> None:
    ratings = [np.array([value] * 3) for value in (-2, 0, 3)]
    scores = draw(ratings, np.random.default_rng(0), others=True)
    assert scores == {"macro_f1": 1.0, "accuracy": 1.0, "quadratic_kappa": 1.0}


def test_ones_own_rating_is_left_out_of_the_truth() -> None:
    ratings = read(RATINGS)[2:]  # 1 and -1: each is wrong about the other, and about their mean
    for random in range(5):
        scores = draw(ratings * 2, np.random.default_rng(random), others=True)
        assert scores["accuracy"] == 0.0
    own = [np.array([4, 0, 0, 0, 0])]  # the mean of all is 0.8, the others' is 0 or 1
    right = [
        draw(own, np.random.default_rng(random), others=others)["accuracy"]
        for random in range(40)
        for others in (True, False)
    ]
    assert right[1::2] != right[::2]


def test_the_line_is_what_was_measured() -> None:
    (line,) = spec_load(TASK).reference_line
    assert line.value == pytest.approx(0.6909, abs=0.005)  # `python -m scripts.measure_raters`
    words = " ".join((TASK / "description.md").read_text().split())
    assert f"scores {line.value:.2f}" in words
