"""The list of incidents: worst first, paged, counted, searched; honest when it is empty."""

from __future__ import annotations

import msgspec
import pytest
from tests.practices.aiops.signals.rows import at

from opsweave.facts import Cause, CauseKind, Incident, IncidentStatus, Severity
from opsweave.pages import Health, Page, State

from .shop import Shop, widget

KINDS = (CauseKind.LOAD, CauseKind.FLAG)


@pytest.fixture(scope="module")
def shop() -> Shop:
    """Forty incidents: every second closed, every fourth critical, in two namespaces."""
    shop = Shop(empty=True)
    for n in range(40):
        place = "shop" if n % 3 else "pay"
        entity = f"service:demo/{place}/s{n}"
        cause = Cause(rank=1, entity=entity, indicator="x", kind=KINDS[n % 2], says=f"cause {n}")
        shop.state.put(
            Incident(
                id=f"inc-{n:02}",
                title=f"trouble {n}",
                status=IncidentStatus.CLOSED if n % 2 else IncidentStatus.EXPLAINED,
                severity=Severity.CRITICAL if n % 4 == 0 else Severity.WARNING,
                entities=(entity,),
                causes=(cause,),
                owners=("ann",) if n == 8 else (),
                opened_ns=at(n),
                started_ns=at(n),
                closed_ns=at(n + 60) if n % 2 else None,
            )
        )
    return shop


def table(shop: Shop, **asked: str):
    return widget(shop.page("incidents", **asked), "incidents")


def ids(made) -> list[str]:
    return [row.id for row in made.rows]


def test_live_ones_are_shown_the_worst_first(shop):
    made = table(shop)
    assert made.total == 20
    assert ids(made)[:3] == ["inc-36", "inc-32", "inc-28"]
    assert {row.health for row in made.rows[:10]} == {Health.BAD}
    assert made.rows[0].cells["cause"].value == "load of s36"
    assert made.rows[0].to == "incidents/inc-36"


def test_views_facets_and_search_work_together(shop):
    assert table(shop, view="all").total == 40
    assert ids(table(shop, view="mine")) == ["inc-08"]
    assert table(shop, view="over", place="pay").total == 7
    assert table(shop, view="all", severity="critical", place="pay").total == 4
    assert ids(table(shop, view="all", incidents__q="s17 cause")) == ["inc-17"]
    assert table(shop, view="all", scope="pay").total == 14


def test_mine_are_those_of_exactly_this_name():
    shop = Shop(empty=True)
    for n, (title, owners) in enumerate((("annual report slow", ()), ("x", ("ann",)))):
        shop.state.put(Incident(id=f"inc-{n}", title=title, owners=owners, opened_ns=at(n)))
    made = table(shop, view="mine")
    assert (ids(made), made.total) == (["inc-1"], 1)


def test_facets_count_under_the_other_filters(shop):
    made = table(shop, view="all", severity="critical")
    counts = {facet.param: {v.value: v.n for v in facet.values} for facet in made.facets}
    assert counts["severity"] == {"warning": 30, "critical": 10}
    assert counts["place"] == {"shop": 6, "pay": 4}
    assert counts["cause"] == {"load": 10}
    assert [v.chosen for v in made.facets[1].values if v.value == "critical"] == [True]


def test_sorting_and_paging_show_each_once(shop, monkeypatch):
    monkeypatch.setattr("opsweave.practices.aiops.pages.listing.ROWS", 7)
    for sort in ("", "-began", "began", "severity", "status"):
        found, after = [], ""
        while True:
            made = table(shop, view="all", incidents__sort=sort, incidents__after=after)
            found += ids(made)
            after = made.next
            if not after:
                break
        assert sorted(found) == [f"inc-{n:02}" for n in range(40)], sort
    assert ids(table(shop, view="all", incidents__sort="began"))[:2] == ["inc-00", "inc-01"]


def test_what_can_be_done_stands_beside_each(shop):
    made = table(shop, view="all", status="closed,explained")
    assert {action.path for action in made.actions} == {"incidents/actions"}
    assert made.bulk == ("acknowledge", "assign", "noise", "close")
    assert {row.actions for row in made.rows if row.id == "inc-01"} <= {()}
    assert all(action.disabled for action in table(shop, may="read").actions)


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ({}, "No incident has been opened yet."),
        ({"view": "all"}, "No incident has been opened yet."),
    ],
)
def test_an_empty_record_says_so(asked, missing):
    made = table(Shop(empty=True), **asked)
    assert (made.state, made.missing) == (State.EMPTY, missing)


def test_filters_that_leave_nothing_say_so(shop):
    made = table(shop, incidents__q="nobody")
    assert made.missing == "None of 40 incidents fits the filters."
    assert made.remedy_to


def test_the_list_goes_over_the_wire(shop):
    page = shop.page("incidents")
    assert msgspec.json.decode(msgspec.json.encode(page), type=Page) == page
    assert shop.specs["incidents"].news().count == 20
