import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.bench.split import chosen, half
from opsweave.kernel.errors import RejectInput

NAMES = st.lists(st.text(max_size=5), unique=True, max_size=30)


@given(NAMES, st.randoms(use_true_random=False))
def test_the_halves_part_all_names_whatever_their_order(names, random):
    dev, report = half("toy", names)
    assert sorted([*dev, *report]) == sorted(names)
    assert len(dev) - len(report) in (0, 1)
    random.shuffle(names)
    assert half("toy", names) == (dev, report)


def test_another_data_set_is_split_otherwise():
    names = [str(n) for n in range(100)]
    assert half("one", names) != half("other", names)


def test_the_rule_is_the_published_one():
    # sha256("nab/<name>"): fixed here, so that nobody's halves move unseen.
    assert half("nab", ["a", "b", "c", "d"]) == (("d", "c"), ("a", "b"))


def test_parts():
    names = ["a", "b", "c"]
    assert sorted([*chosen("toy", names, "dev"), *chosen("toy", names, "report")]) == names
    with pytest.raises(RejectInput, match="half"):
        chosen("toy", names, "best")
