import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.data.alarms import alarms, names
from opsweave.bench.scores.edges import score

EDGES = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1)


@given(EDGES, EDGES)
def test_bounds_and_symmetry(learned, true):
    found = score(learned, true)
    assert 0.0 <= found.f1 <= found.skeleton_f1 + 1.0
    assert found.f1 == pytest.approx(score(true, learned).f1)
    assert score(list(learned) * 2, true) == found


@given(EDGES)
def test_perfect_is_one(edges):
    assert score(edges, edges).f1 == score(edges, edges).skeleton_f1 == 1.0


def test_nothing_learned_is_nothing():
    assert score([], {(1, 2)}).f1 == 0.0


def test_a_turned_edge_is_half_right():
    found = score({(1, 2)}, {(2, 1)})
    assert (found.f1, found.skeleton_f1) == (0.0, 1.0)


def test_the_alarms_are_those_described(bench_data):
    found = alarms(bench_data, names(bench_data)[0])
    assert (len(found.kinds), found.types, len(set(found.devices)), len(found.edges)) == (
        34_838,
        18,
        55,
        69,
    )
