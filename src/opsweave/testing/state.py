"""What every state store must do. Subclass and provide the fixture ``state``."""

from __future__ import annotations

import pytest

from opsweave.facts import Alert, Change, ChangeKind, Incident, IncidentStatus
from opsweave.record.state.port import StateStore

CART = "service:demo/shop/cart"


def change(id_: str, at_ns: int = 1, *, tenant: str = "default") -> Change:
    """A small fact."""
    return Change(
        id=id_,
        source="t",
        kind=ChangeKind.FLAG,
        entity=CART,
        at_ns=at_ns,
        tenant=tenant,
    )


class Stop(Exception):
    """Raised inside a transaction by a test."""


class StateContract:
    """Behaviour shared by all backends."""

    def test_a_fact_comes_back_whole(self, state: StateStore) -> None:
        fact = Change(
            id="c",
            source="s",
            kind=ChangeKind.FLAG,
            entity=CART,
            at_ns=5,
            details={"on": True},
        )
        state.put(fact)
        assert state.get(Change, "c") == fact
        assert state.get(Change, "other") is None
        assert state.get(Alert, "c") is None

    def test_put_replaces_and_put_new_does_not(self, state: StateStore) -> None:
        state.put(change("c", 1))
        assert not state.put_new(change("c", 2))
        assert state.get(Change, "c") == change("c", 1)
        state.put(change("c", 3))
        assert state.get(Change, "c") == change("c", 3)

    def test_find_filters_and_orders_by_time(self, state: StateStore) -> None:
        for n in (3, 1, 2):
            state.put(change(f"c{n}", n))
        assert [c.id for c in state.find(Change)] == ["c3", "c2", "c1"]
        assert [c.id for c in state.find(Change, newest_first=False, limit=2)] == [
            "c1",
            "c2",
        ]
        assert [c.id for c in state.find(Change, since_ns=2, until_ns=3)] == ["c2"]
        assert state.find(Change, entity="service:a/b/c") == []

    def test_status_is_an_index(self, state: StateStore) -> None:
        state.put(Incident(id="a", opened_ns=1))
        state.put(Incident(id="b", opened_ns=2, status=IncidentStatus.CLOSED))
        assert [i.id for i in state.find(Incident, status=["open", "explained"])] == ["a"]

    def test_tenants_do_not_see_each_other(self, state: StateStore) -> None:
        state.put(change("c", 1, tenant="blue"))
        assert state.get(Change, "c") is None
        assert state.find(Change) == []
        assert state.get(Change, "c", tenant="blue") is not None

    def test_a_transaction_is_all_or_nothing(self, state: StateStore) -> None:
        with pytest.raises(Stop), state.transaction():
            state.put(change("c"))
            state.audit(at_ns=1, principal="p", verb="v", object_="o")
            assert state.get(Change, "c") is not None
            raise Stop
        assert state.get(Change, "c") is None
        assert state.audit_trail() == []

    def test_the_audit_trail_is_a_chain(self, state: StateStore) -> None:
        for n in range(3):
            state.audit(at_ns=n, principal="ann", verb="approve", object_=f"run-{n}")
        newest, middle, first = state.audit_trail()
        assert (first.previous, middle.previous) == ("", first.hash)
        assert newest.number == 2
        assert state.verify_audit() is None
