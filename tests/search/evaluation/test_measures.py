"""The three figures, against values computed by hand."""

from __future__ import annotations

from math import log2

import pytest

from search.evaluation import figures
from search.evaluation.measures import ndcg, recall, reciprocal_rank


def test_the_best_order_is_one() -> None:
    grades = {"a": 3.0, "b": 2.0, "c": 1.0}
    assert ndcg(["a", "b", "c"], grades) == 1
    assert reciprocal_rank(["a", "b", "c"], grades) == recall(["a", "b", "c"], grades) == 1


def test_grades_are_discounted_by_place() -> None:
    # b at 1, nothing at 2, a at 3; best is a at 1, b at 2.
    best = 3 / log2(2) + 1 / log2(3)
    assert ndcg(["b", "x", "a"], {"a": 3, "b": 1}) == pytest.approx((1 + 3 / 2) / best)
    assert reciprocal_rank(["x", "y", "a"], {"a": 1}) == pytest.approx(1 / 3)
    assert recall(["x", "a"], {"a": 1, "b": 1}) == 0.5


def test_what_stands_after_the_tenth_is_not_seen() -> None:
    found = [f"x{n}" for n in range(10)] + ["a"]
    assert ndcg(found, {"a": 1}) == reciprocal_rank(found, {"a": 1}) == recall(found, {"a": 1}) == 0
    many = {f"x{n}": 1.0 for n in range(20)}
    assert (ndcg(found, many), recall(found, many)) == (1, 0.5)


def test_nothing_found_and_nothing_asked() -> None:
    assert ndcg([], {"a": 1}) == ndcg(["a"], {}) == reciprocal_rank([], {}) == recall([], {}) == 0
    assert figures([]) == figures([([], {"a": 1})])


def test_means_over_questions() -> None:
    means = figures([(["a"], {"a": 1}), (["x", "a"], {"a": 1, "b": 1})])
    second = (1 / log2(3)) / (1 + 1 / log2(3))
    assert means.ndcg == pytest.approx((1 + second) / 2)
    assert (means.mrr, means.recall) == (0.75, 0.75)
