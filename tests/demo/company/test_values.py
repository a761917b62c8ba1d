from __future__ import annotations

import pytest

from opsweave.demo.company.actions.plan import flags_of, one_before
from opsweave.demo.company.actions.releases import differing, flat, unified, with_values
from opsweave.kernel.errors import RejectInput

TEXT = "workers: 2\npool:\n  size: 6\n"


def test_dotted_keys_are_set_and_the_rest_stays() -> None:
    changed = with_values(TEXT, {"pool.size": 2})
    assert changed == "workers: 2\npool:\n  size: 2\n"
    assert differing(TEXT, changed) == {"pool.size": ["6", "2"]}
    assert "+  size: 2" in unified(TEXT, changed, "config/cart.yaml")


@pytest.mark.parametrize("values", [{"pool.size": [1]}, {"../x": 1}, {"workers.more": 1}])
def test_what_cannot_be_set_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(RejectInput):
        with_values(TEXT, values)


def test_flat_keys() -> None:
    assert flat({"a": 1, "b": {"c": {"d": 2}}}) == {"a": 1, "b.c.d": 2}


def test_the_one_before_is_another_one() -> None:
    assert one_before(["a", "b", "b"], field="f", what="version") == "a"
    with pytest.raises(RejectInput):
        one_before(["b", "b"], field="f", what="version")


def test_flags_know_their_service() -> None:
    text = "new:\n  enabled: true\n  service: cart\nold: false\n"
    assert flags_of(text) == {
        "new": {"enabled": True, "service": "cart"},
        "old": {"enabled": False, "service": "edge"},
    }
