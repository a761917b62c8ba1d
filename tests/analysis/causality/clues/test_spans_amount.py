"""Where the time that requests take longer is spent."""

from __future__ import annotations

import numpy as np
import pytest
from tests.analysis.traces.shop import Shop, sound

from opsweave.analysis.causality.clues.spans_amount import amounts
from opsweave.analysis.traces.forest import forest


def told(plan, many=30):
    trees = Shop().requests(many, sound()).requests(many, plan, begin_s=1000).forest()
    late = trees.first_us() >= 1_000_000_000
    return amounts(trees, ~late, late)


def test_the_entity_in_which_nearly_all_of_the_excess_is_spent_stands_out():
    found = told(sound(cart_ms=300.0))
    assert max(found, key=found.get) == "cart"
    assert found["cart"] > 2
    assert max(found[e] for e in found if e != "cart") < 0


def test_time_between_two_is_shared_by_both():
    found = told(sound(gap_ms=300.0))
    assert found["web"] == pytest.approx(found["cart"], abs=0.3)
    assert found["web"] > max(found["pay"], found["store"]) + 2


def test_little_excess_says_little():
    assert max(map(abs, told(sound()).values())) < 1.0 < told(sound(cart_ms=300.0))["cart"]


def test_nothing_before_and_nothing_at_all():
    none = np.empty(0, np.int64)
    empty = forest(none, none, [], [], [], [], [])
    assert amounts(empty, none.astype(bool), none.astype(bool)) == {}
    trees = Shop().requests(5, sound()).forest()
    every = np.ones(len(trees), bool)
    assert amounts(trees, ~every, every) == {}
