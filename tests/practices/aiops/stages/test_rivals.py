"""Whose matter an entity is, by when two incidents began and by what causality has parted."""

from __future__ import annotations

import pytest

from opsweave.analysis.correlation.group import Group
from opsweave.analysis.correlation.topology import Topology
from opsweave.facts import Alert
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.stages.rivals import TOGETHER_S, Rivals

EDGES = (("edge", "cart", "calls"), ("edge", "pay", "calls"), ("pay", "bank", "calls"))
TOPOLOGY = Topology(edges=EDGES)


def group(name: str, cause: str, at_s: float, *entities: str) -> Group:
    """An incident that is sure of its cause."""
    made = Group(name, at_s)
    for entity in entities:
        made.add(entity, "slow", entity, at_s)
        made.support([(cause, 1.0)], at_s, fresh=True)
    return made


def weighed(second_s: float, named: dict[str, str] | None = None) -> Rivals:
    groups = {
        "one": group("one", "cart", 100.0, "cart", "edge"),
        "two": group("two", "pay", second_s, "pay", "edge"),
    }
    firing = {
        name: Alert(id=name, fingerprint=name, source="t", entity=name, indicator="slow")
        for name in ("cart", "pay")
    }
    rivals = Rivals()
    members = {"one": ["cart"], "two": ["pay"]}
    rivals.weigh(groups, members, firing, (TOPOLOGY, 200 * SECOND), named or {})
    return rivals


@pytest.mark.parametrize(
    ("later_s", "foreign"), [(TOGETHER_S, set()), (TOGETHER_S + 1.0, {"cart"})]
)
def test_what_began_together_may_be_one(later_s, foreign):
    assert weighed(100.0 + later_s).foreign("two") == foreign


def test_what_parted_it_hurts_others_too():
    """The bank reaches who pays with it, whatever the grouping believes."""
    assert weighed(120.0).shared["one"] == {"edge"}
    named = weighed(120.0, {"one": "bank"})
    assert named.shared["two"] == {"pay", "edge"}
    assert weighed(120.0).shared["two"] == {"edge"}
