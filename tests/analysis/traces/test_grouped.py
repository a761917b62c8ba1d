import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.traces.grouped import Grouped

SAMPLES = st.lists(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9), min_size=1, max_size=6)


@given(SAMPLES)
def test_every_group_gets_what_numpy_says_of_it_alone(groups):
    value = np.array([x for group in groups for x in group])
    number = np.array([i for i, group in enumerate(groups) for _ in group])
    found = Grouped(number, value, len(groups))
    close = {"rel": 1e-6, "abs": 1e-6}
    assert found.medians().tolist() == pytest.approx([np.median(g) for g in groups], **close)
    assert found.means().tolist() == pytest.approx([np.mean(g) for g in groups], **close)
    assert np.sqrt(found.variances()).tolist() == pytest.approx(
        [np.std(g) for g in groups], rel=1e-5, abs=1e-3
    )


@given(SAMPLES)
def test_a_trimmed_mean_leaves_out_the_largest_but_never_all(groups):
    value = np.array([x for group in groups for x in group])
    number = np.array([i for i, group in enumerate(groups) for _ in group])
    found = Grouped(number, value, len(groups)).trimmed(0.05)
    expected = [np.mean(sorted(g)[: max(1, len(g) - 1)]) for g in groups]
    assert found.tolist() == pytest.approx(expected, rel=1e-6, abs=1e-3)
