import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.traces.forest import forest
from opsweave.analysis.traces.timing import crossings, self_times


def timed(*spans):
    """``spans``: (id, parent, entity, start in us, duration in us) of one trace."""
    return forest(
        np.array([s[3] * 1000 for s in spans], np.int64),
        np.array([s[4] for s in spans], np.int64),
        ["t"] * len(spans),
        [s[0] for s in spans],
        [s[1] for s in spans],
        [s[2] for s in spans],
        ["op"] * len(spans),
    )


def test_own_time_is_what_children_do_not_cover():
    trees = timed(("1", "", "a", 0, 100), ("2", "1", "b", 10, 30), ("3", "1", "c", 30, 40))
    assert self_times(trees).tolist() == [40.0, 30.0, 40.0]


def test_waiting_for_a_sibling_is_nobodys_own_time():
    trees = timed(
        ("1", "", "web", 0, 100),
        ("2", "1", "web", 0, 100),
        ("3", "1", "web", 5, 90),
        ("4", "3", "cart", 10, 80),
    )
    assert self_times(trees).tolist() == [0.0, 20.0, 10.0, 80.0]


def test_a_child_that_outlives_its_parent_takes_no_more_than_there_is():
    trees = timed(("1", "", "a", 0, 10), ("2", "1", "b", 5, 50))
    assert self_times(trees).tolist() == [5.0, 50.0]


def test_a_gap_is_the_callers_time_less_that_of_all_its_callees():
    trees = timed(("1", "", "a", 0, 100), ("2", "1", "b", 0, 30), ("3", "1", "c", 40, 30))
    found = crossings(trees)
    assert found.caller.tolist() == [0, 0]
    assert found.gap_us.tolist() == [40, 40]


def test_skewed_clocks_do_not_change_a_gap():
    trees = timed(("1", "", "a", 0, 100), ("2", "1", "b", 5_000_000, 30))
    assert crossings(trees).gap_us.tolist() == [70]


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100), st.integers(0, 9)), max_size=12)
)
def test_own_time_is_never_negative_nor_more_than_the_span(spans):
    rows = [("0", "", "a", 0, 200)]
    for number, (start, duration, parent) in enumerate(spans, 1):
        rows.append((str(number), str(min(parent, number - 1)), "ab"[number % 2], start, duration))
    trees = timed(*rows)
    own = self_times(trees)
    assert (own >= 0).all()
    assert (own <= trees.duration_us).all()
