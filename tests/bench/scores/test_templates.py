import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.scores.templates import normal, score

LINES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.sampled_from(["a", "b", "c <*>"])),
    min_size=1,
    max_size=40,
)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_names_of_groups_do_not_matter(lines, random):
    groups, ours, true = zip(*lines, strict=True)
    found = score(groups, ours, true)
    assert all(0.0 <= share <= 1.0 for share in (found.ga, found.fga, found.pa, found.fta))
    random.shuffle(lines)
    groups, ours, true = zip(*lines, strict=True)
    assert score([f"group {g}" for g in groups], ours, true) == found


@given(st.lists(st.sampled_from(["a", "b <*>", "c"]), min_size=1, max_size=30))
def test_perfect_is_one(true):
    found = score(true, true, true)
    assert found.ga == found.fga == found.pa == found.fta == 1.0


def test_one_stray_line_costs_its_whole_group():
    true = ["a <*>"] * 9 + ["b"]
    found = score([0] * 8 + [1, 2], ["a <*>"] * 8 + ["a x", "b"], true)
    assert found.ga == pytest.approx(0.1)
    assert found.pa == pytest.approx(0.9)
    assert found.fga == pytest.approx(2 * 1 / (3 + 2))
    assert found.fta == pytest.approx(2 * 2 / (3 + 2))


def test_wildcards_of_all_spellings_are_one():
    assert normal("<:IP:> to <NUM>,  <*>") == "<*> to <*>, <*>"
    assert normal("<html> stays") == "<html> stays"


def test_no_lines():
    assert score([], [], []).ga == 0.0
