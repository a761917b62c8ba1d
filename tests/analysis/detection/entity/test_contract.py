"""What holds of any detector of entities, whatever its method."""

import numpy as np
import pytest

from opsweave.analysis.detection.entity import EntityState, score_entity
from opsweave.kernel.errors import RejectInput


def rows(n=1500, columns=6, seed=0):
    rng = np.random.default_rng(seed)
    day = np.sin(np.arange(n) / 144 * 2 * np.pi)[:, None] * rng.normal(size=columns)
    found = day + rng.normal(size=(n, columns)) * rng.uniform(0.1, 2.0, columns)
    found[n - 200 : n - 180, 1] += 15
    return found


def gaps(table):
    table = table.copy()
    table[100:140, 2] = np.nan
    table[700:720] = np.nan
    table[:, 4] = 7.0
    return table


def same(one, other):
    for name in ("score", "anomaly", "limit", "expected", "scale", "contributions"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_later_rows_change_nothing():
    table = gaps(rows())
    whole = score_entity(table)
    part = score_entity(table[:900])
    np.testing.assert_array_equal(whole.score[:900], part.score)
    np.testing.assert_array_equal(whole.anomaly[:900], part.anomaly)
    np.testing.assert_array_equal(whole.contributions[:900], part.contributions)


@pytest.mark.parametrize("timed", [False, True])
def test_rows_in_several_calls_give_what_one_call_gives(timed):
    table = gaps(rows())
    times = np.cumsum(np.full(len(table), 60_000_000_000)) if timed else None
    whole = score_entity(table, times)
    state, parts, at = None, [], 0
    for end in (1, 40, 41, 730, 1200, len(table)):
        found = score_entity(table[at:end], None if times is None else times[at:end], state)
        state, at = EntityState.unpack(found.state.pack()), end
        parts.append(found)
    for name in ("score", "anomaly", "limit", "expected", "scale", "contributions"):
        joined = np.concatenate([getattr(p, name) for p in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name), err_msg=name)


def test_the_same_twice():
    same(score_entity(gaps(rows())), score_entity(gaps(rows())))


def test_the_state_given_is_not_touched():
    state = score_entity(rows()).state
    before = state.pack()
    score_entity(rows(), state=state)
    assert state.pack() == before


def test_state_is_bounded():
    def size(n):
        state = score_entity(rows(n)).state
        return sum(part.nbytes for part in state)

    assert size(500) == size(6000)


def test_unit_and_zero_of_a_column_do_not_matter():
    table = gaps(rows())
    other = table * np.array([1e-6, 1e6, 3.0, 1e3, 5.0, 0.2]) + np.array([0, -1e6, 5, 1e3, 1, 0])
    np.testing.assert_allclose(score_entity(other).score, score_entity(table).score, rtol=1e-5)


def test_order_of_columns_does_not_matter():
    table = gaps(rows())
    order = np.array([3, 1, 5, 0, 4, 2])
    one, other = score_entity(table), score_entity(table[:, order])
    np.testing.assert_allclose(one.score, other.score, rtol=1e-9)
    np.testing.assert_allclose(one.contributions[:, order], other.contributions, atol=1e-9)


@pytest.mark.parametrize("fill", [0.0, np.nan])
def test_what_never_moves_or_never_comes_is_no_anomaly(fill):
    found = score_entity(np.full((800, 3), fill))
    assert not found.score.any()
    assert not found.anomaly.any()
    assert not found.contributions.any()


def test_a_constant_column_that_moves_is_seen():
    table = rows()[:, :4]
    table[:, 3] = 5.0
    table[1000:1020, 3] = 5.001
    found = score_entity(table)
    assert found.contributions[1010].argmax() == 3
    assert found.score[1010] > found.score[400:1000].max()


def test_a_single_column():
    table = rows(columns=2)[:, 1:]
    found = score_entity(table)
    assert 1300 <= found.score[200:].argmax() + 200 < 1330
    np.testing.assert_array_equal(found.contributions[1310], [1.0])


def test_contributions_are_shares():
    found = score_entity(gaps(rows()))
    total = found.contributions.sum(axis=1)
    assert np.all((np.abs(total - 1) < 1e-9) | (total == 0))
    assert np.all(found.contributions >= 0)
    assert np.isfinite(found.score).all()


def test_infinite_values_count_as_missing():
    table = rows()
    holes = table.copy()
    table[300, 2], holes[300, 2] = np.inf, np.nan
    same(score_entity(table), score_entity(holes))


def test_no_rows_is_an_answer():
    found = score_entity(np.zeros((0, 3)))
    assert found.score.shape == (0,)
    assert found.contributions.shape == (0, 3)


@pytest.mark.parametrize("table", [np.zeros(5), np.zeros((5, 0)), np.zeros((2, 2, 2))])
def test_only_tables(table):
    with pytest.raises(RejectInput, match="time x columns"):
        score_entity(table)


def test_a_state_of_other_columns_is_refused():
    state = score_entity(rows(columns=4)).state
    with pytest.raises(RejectInput, match="columns"):
        score_entity(rows(columns=6), state=state)
    with pytest.raises(RejectInput, match="one time per row"):
        score_entity(rows(), np.arange(3))
    with pytest.raises(RejectInput, match="damaged"):
        EntityState.unpack({"level": ((2,), b"x")})
