"""What every state store must do. Subclass and provide the fixture ``state``."""

from __future__ import annotations

import pytest

from opsweave.facts import Alert, Change, ChangeKind, Incident, IncidentStatus, Run, Severity
from opsweave.kernel.errors import RejectInput
from opsweave.record.state.port import StateStore
from opsweave.record.state.slices import Where

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


def incident(n: int, **fields: object) -> Incident:
    """One of many: every third is critical, every fifth is closed, namespaces alternate."""
    status = IncidentStatus.CLOSED if n % 5 == 0 else IncidentStatus.OPEN
    usual = {
        "status": status,
        "severity": Severity.CRITICAL if n % 3 == 0 else Severity.WARNING,
        "entities": (f"service:demo/{'shop' if n % 2 else 'pay'}/s{n}",),
        "opened_ns": n // 2,
        "title": f"Trouble number {n}",
    }
    return Incident(id=f"i{n:02}", **{**usual, **fields})  # type: ignore[arg-type]


def walked(state: StateStore, where: Where, sort: str, size: int) -> list[str]:
    """Ids of all pages, one after another."""
    found, after = [], ""
    while True:
        page = state.page(Incident, where, sort=sort, after=after, limit=size)
        found += [fact.id for fact in page.facts]
        if not page.next:
            return found
        assert len(page.facts) == size
        after = page.next


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

    @pytest.mark.parametrize("sort", ["-at", "at", "urgency", "-severity", "status", "id"])
    def test_pages_are_one_list_cut_in_pieces(self, state: StateStore, sort: str) -> None:
        for n in range(23):
            state.put(incident(n))
        whole = walked(state, Where(), sort, 100)
        assert sorted(whole) == [f"i{n:02}" for n in range(23)]
        for size in (1, 4, 23):
            assert walked(state, Where(), sort, size) == whole

    def test_a_page_stays_where_it_was_when_something_new_comes(self, state: StateStore) -> None:
        for n in range(10):
            state.put(incident(n))
        first = state.page(Incident, Where(), limit=4)
        state.put(incident(40))
        rest = state.page(Incident, Where(), after=first.next, limit=20)
        assert [i.id for i in (*first.facts, *rest.facts)] == [f"i{n:02}" for n in range(9, -1, -1)]

    def test_the_most_urgent_come_first(self, state: StateStore) -> None:
        state.put(incident(5, severity=Severity.CRITICAL))  # closed
        state.put(incident(7))
        state.put(incident(9))
        ids = [i.id for i in state.page(Incident, Where(), sort="urgency").facts]
        assert ids == ["i09", "i07", "i05"]

    def test_severities_sort_by_gravity(self, state: StateStore) -> None:
        for n, severity in enumerate((Severity.INFO, Severity.CRITICAL, Severity.WARNING)):
            state.put(incident(n, severity=severity))
        assert walked(state, Where(), "severity", 1) == ["i01", "i02", "i00"]
        assert walked(state, Where(), "-severity", 1) == ["i00", "i02", "i01"]

    def test_owners_are_exact(self, state: StateStore) -> None:
        state.put(incident(1, owners=("eve", "ann"), title="for bob"))
        state.put(incident(2, owners=("Ann",)))
        state.put(incident(3, owners=("annabel",), title='"ann" asked'))
        state.put(incident(4, owners=('a "b" %',)))
        assert walked(state, Where(owner="ann"), "at", 50) == ["i01"]
        assert walked(state, Where(owner='a "b" %'), "at", 50) == ["i04"]
        assert walked(state, Where(owner="bob"), "at", 50) == []
        assert state.count(Incident, Where(owner="ann", words="bob")) == 1

    def test_filters_hold_together(self, state: StateStore) -> None:
        for n in range(20):
            state.put(incident(n))
        where = Where(severity=("critical",), places=("shop",), status=("open",))
        assert walked(state, where, "at", 50) == ["i03", "i09"]
        assert state.count(Incident, where) == 2
        assert walked(state, Where(words="TROUBLE number 7"), "at", 50) == ["i07", "i17"]
        assert walked(state, Where(words="100%_"), "at", 50) == []
        assert walked(state, Where(since_ns=8, until_ns=9), "at", 50) == ["i16", "i17"]
        assert walked(state, Where(ids=("i03", "i04", "nowhere")), "-at", 1) == ["i04", "i03"]
        assert walked(state, Where(ids=()), "at", 50) == []

    def test_facets_count_what_the_filters_leave(self, state: StateStore) -> None:
        for n in range(20):
            state.put(incident(n))
        assert state.facet(Incident, "status", Where()) == {"open": 16, "closed": 4}
        both = ("service:demo/shop/a", "service:demo/pay/b")
        state.put(incident(20, entities=both))
        where = Where(severity=("warning",), status=("closed",))
        assert state.facet(Incident, "places", where) == {"pay": 2, "shop": 2}

    def test_a_cross_count_has_every_facet_in_it(self, state: StateStore) -> None:
        for n in range(20):
            state.put(incident(n))
        by = ("status", "severity", "places")
        found = state.cross(Incident, by, Where())
        assert sum(found.values()) == 20
        assert found["open", "critical", "|shop|"] == 2
        some = tuple(f"i{n:02}" for n in range(6))
        assert state.cross(Incident, ("status",), Where(ids=some, severity=("critical",))) == {
            ("closed",): 1, ("open",): 1,
        }  # fmt: skip

    def test_a_run_is_found_by_its_incident(self, state: StateStore) -> None:
        state.put(Run(id="r1", pipeline="roll-back", incident="i1", started_ns=1))
        state.put(Run(id="r2", pipeline="restart", incident="i2", started_ns=2))
        assert [r.id for r in state.page(Run, Where(parent=("i1",))).facts] == ["r1"]
        assert [r.id for r in state.page(Run, Where(topic=("restart",))).facts] == ["r2"]

    def test_many_keep_their_order(self, state: StateStore) -> None:
        for n in (1, 2, 3):
            state.put(change(f"c{n}", n))
        found = state.many(Change, ["c3", "none", "c1", "c3"])
        assert [c.id for c in found] == ["c3", "c1"]
        assert state.many(Change, []) == []
        assert state.many(Change, [f"c{n}" for n in range(3_000)]) == [
            change(f"c{n}", n) for n in (1, 2, 3)
        ]

    def test_what_is_no_order_or_place_is_refused(self, state: StateStore) -> None:
        state.put(incident(1))
        state.put(incident(2))
        place = state.page(Incident, Where(), sort="urgency", limit=1).next
        for sort, after in (("body", ""), ("-at", "x"), ("-at", "é"), ("status", place)):
            with pytest.raises(RejectInput):
                state.page(Incident, Where(), sort=sort, after=after)
        with pytest.raises(RejectInput):
            state.facet(Incident, "body", Where())
