import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.traces.forest import DEEPEST, forest
from opsweave.analysis.traces.visits import visits


def grown(spans):
    """``spans``: (trace, id, parent, entity)."""
    count = len(spans)
    return forest(
        np.arange(count) * 1000,
        np.ones(count, np.int64),
        [s[0] for s in spans],
        [s[1] for s in spans],
        [s[2] for s in spans],
        [s[3] for s in spans],
        ["op"] * count,
    )


def test_ids_count_within_their_trace_only():
    trees = grown([("t", "1", "", "a"), ("u", "2", "1", "b")])
    assert trees.parent.tolist() == [-1, -1]


def test_a_parent_that_was_not_recorded_makes_a_root():
    trees = grown([("t", "1", "lost", "a"), ("t", "2", "1", "a")])
    assert trees.parent.tolist() == [-1, 0]
    assert trees.depth.tolist() == [0, 1]


def test_a_circle_of_parents_ends():
    trees = grown([("t", "1", "2", "a"), ("t", "2", "1", "a"), ("t", "3", "3", "a")])
    assert trees.depth.max() <= DEEPEST
    assert len(visits(trees)) <= 3


def test_a_visit_is_what_one_entity_does_between_being_asked_and_asking():
    trees = grown(
        [
            ("t", "1", "", "a"),
            ("t", "2", "1", "a"),
            ("t", "3", "2", "b"),
            ("t", "4", "3", "a"),
            ("t", "5", "1", "b"),
        ]
    )
    stays = visits(trees)
    assert stays.of.tolist() == [0, 0, 1, 2, 3]
    assert stays.head.tolist() == [0, 2, 3, 4]
    assert stays.parent.tolist() == [-1, 0, 1, 0]
    assert stays.depth.tolist() == [0, 1, 2, 1]
    assert stays.path[1] == stays.path[3] != stays.path[2]


def test_nothing_is_a_forest_too():
    trees = grown([])
    assert len(trees) == len(visits(trees)) == 0


SPANS = st.lists(
    st.tuples(
        st.sampled_from("tu"),
        st.integers(0, 12).map(str),
        st.integers(0, 12).map(str) | st.just(""),
        st.sampled_from("abc"),
    ),
    max_size=30,
    unique_by=lambda span: span[:2],
)


@given(SPANS)
def test_every_span_is_in_one_visit_of_its_entity_whatever_the_parents(spans):
    trees = grown(spans)
    stays = visits(trees)
    for row in range(len(trees)):
        assert stays.entity[stays.of[row]] == trees.entity[row]
        assert stays.trace[stays.of[row]] == trees.trace[row]
