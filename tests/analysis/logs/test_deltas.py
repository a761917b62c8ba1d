import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.logs import dispersion, rate_change_nats, template_deltas


def binomial_tail(n, k, p):
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(
    ("before", "after", "share"), [(0, 3, 0.1), (5, 9, 0.3), (40, 80, 0.5), (2, 30, 0.05)]
)
def test_it_is_the_exact_conditional_test(before, after, share):
    exact = -math.log(2 * binomial_tail(before + after, after, share))
    assert rate_change_nats(before, after, share) == pytest.approx(exact, rel=1e-6)


def test_new_gone_more_and_less_are_told_apart_and_sorted_by_surprise():
    before = {"gone": 50, "less": 100, "same": 100, "more": 10}
    after = {"new": 60, "less": 20, "same": 100, "more": 80}
    found = template_deltas(before, 60, after, 60)
    assert {delta.template: delta.kind for delta in found if delta.template != "same"} == {
        "new": "new",
        "more": "more",
        "less": "less",
        "gone": "gone",
    }
    assert [delta.nats for delta in found] == sorted((d.nats for d in found), reverse=True)
    assert found[-1].template == "same"
    assert found[-1].nats == 0


def test_surprise_is_calibrated_when_nothing_changed():
    rng = random.Random(5)
    rates = [rng.uniform(0.02, 3) for _ in range(4000)]
    draw = lambda rate, s: sum(rng.random() < rate / 100 for _ in range(int(100 * s)))
    before = {str(i): draw(rate, 5) for i, rate in enumerate(rates)}
    after = {str(i): draw(rate, 2) for i, rate in enumerate(rates)}
    nats = [delta.nats for delta in template_deltas(before, 5, after, 2)]
    for level in (1, 2, 3, 5):
        assert sum(x > level for x in nats) / len(nats) <= math.exp(-level) * 1.2


def test_bursts_surprise_less_when_the_dispersion_says_so():
    calm = template_deltas({"a": 10}, 60, {"a": 50}, 60)[0].nats
    bursty = template_deltas({"a": 10}, 60, {"a": 50}, 60, dispersion={"a": 10.0})[0].nats
    assert bursty < calm / 5


def test_load_explains_what_grew_with_it():
    assert template_deltas({"a": 100}, 60, {"a": 300}, 60, load=3.0)[0].nats < 0.1


def test_dispersion_of_independent_counts_is_about_one():
    rng = random.Random(1)
    counts = [sum(rng.random() < 0.05 for _ in range(100)) for _ in range(500)]
    assert dispersion(counts) == pytest.approx(1.0, abs=0.2)
    assert dispersion([]) == dispersion([0, 0]) == 1.0


@pytest.mark.parametrize("bad", [{"before_s": 0}, {"after_s": -1}, {"load": 0}])
def test_spans_must_be_positive(bad):
    with pytest.raises(ValueError):
        template_deltas(
            {}, bad.get("before_s", 1), {}, bad.get("after_s", 1), load=bad.get("load", 1)
        )


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(1e-4, 1 - 1e-4), st.floats(1, 1e4))
def test_any_counts_give_a_finite_surprise(before, after, share, phi):
    nats = rate_change_nats(before, after, share, phi)
    assert math.isfinite(nats)
    assert nats >= 0
