"""Delivery: figures with their proof over the chosen time, deployments a page at a time."""

from __future__ import annotations

import msgspec
import pytest

from opsweave.facts import Cause, CauseKind, Change, ChangeKind, Incident
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import Page, PageQuery, State
from opsweave.practices.devops import pages as module
from opsweave.record.state import MemoryState

CART = "service:demo/shop/cart"
T0 = 1_700_000_000 * SECOND
NOW = T0 + 7_200 * SECOND


def change(number: int, **more) -> Change:
    fields = {
        "id": f"deploy-{number}", "source": "argo", "kind": ChangeKind.DEPLOYMENT, "entity": CART,
        "at_ns": T0 + number * 600 * SECOND, "summary": f"cart 1.{number}", "outcome": "deployed",
    }  # fmt: skip
    return Change(**{**fields, **more})


def blaming(number: int) -> Incident:
    began = T0 + number * 600 * SECOND + 60 * SECOND
    cause = Cause(
        rank=1, entity=CART, indicator="x", kind=CauseKind.DEPLOYMENT, change=f"deploy-{number}"
    )
    return Incident(
        id=f"inc-{number}", opened_ns=began, causes=(cause,), recovered_ns=began + 60 * SECOND
    )


@pytest.fixture
def state() -> MemoryState:
    """Ten deployments, the last a rollback; the fourth and the seventh failed."""
    state = MemoryState()
    for number in range(9):
        state.put(change(number))
    state.put(change(9, outcome="rollback"))
    state.put(Change(id="f", source="s", kind=ChangeKind.FLAG, entity=CART, at_ns=T0))
    state.put(blaming(3))
    state.put(blaming(6))
    return state


def page(state: MemoryState, hours: float = 2.0, **raw: str) -> Page:
    now = NOW / MILLISECOND
    query = PageQuery(
        path="delivery", since_ms=now - hours * 3_600_000, until_ms=now, now_ms=now,
        raw={k.replace("__", "."): (v,) for k, v in raw.items()}, scope=raw.get("scope", ""),
        widget=raw.get("widget", ""),
    )  # fmt: skip
    (spec,) = module.pages(state)
    return spec.make(query)


def widget(made: Page, id_: str):
    return next(w for section in made.sections for w in section.widgets if w.id == id_)


def test_figures_over_the_time_with_their_proof(state):
    made = page(state)
    assert widget(made, "shipped").value == 9
    assert widget(made, "failed").value == 2
    assert widget(made, "rate").value == pytest.approx(2 / 9)
    assert widget(made, "recovery").value == 120
    proof = widget(made, "rate").proof
    assert (proof.n, proof.excluded) == (9, {"rollback": 1})
    assert "change:state:deploy-3@1" in proof.ids
    assert msgspec.json.decode(msgspec.json.encode(made), type=Page) == made


def test_the_time_range_counts(state):
    assert widget(page(state, hours=0.85), "shipped").value == 2
    assert widget(page(state, hours=0.85), "failed").value == 0
    recovery = widget(page(state, hours=0.85), "recovery")
    assert (recovery.state, recovery.value) == (State.EMPTY, None)


def test_nothing_shipped_is_no_data_not_zero_percent(state):
    made = page(state, hours=0.01)
    rate = widget(made, "rate")
    assert (rate.value, rate.state, rate.remedy_to) == (None, State.EMPTY, "delivery?since=-30d")
    assert widget(made, "deployments").missing


def test_deployments_newest_first_a_page_at_a_time(state, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 6)
    first = widget(page(state), "deployments")
    rest = widget(page(state, deployments__after=first.next, widget="deployments"), "deployments")
    rows = {row.id: row for row in (*first.rows, *rest.rows)}
    assert list(rows) == [f"deploy-{n}" for n in range(9, -1, -1)]
    assert (first.total, rest.next) == (10, "")
    assert rows["deploy-6"].cells["incident"].to == "incidents/inc-6"
    assert rows["deploy-9"].cells["state"].value == "rollback"


def test_what_is_in_flight_is_not_judged_and_what_says_it_failed_has_failed(state):
    for word in ("failure", "FAILED", "error"):
        state.put(change(10, id=word, outcome=word))
    state.put(change(11, id="flies", outcome=""))
    made = page(state)
    assert (widget(made, "shipped").value, widget(made, "failed").value) == (13, 5)
    assert widget(made, "rate").value == pytest.approx(5 / 12)
    assert widget(made, "rate").proof.excluded["in flight"] == 1
    states = {row.id: row.cells["state"].value for row in widget(made, "deployments").rows}
    assert (states["failure"], states["flies"], states["deploy-1"]) == (
        "failed", "in flight", "not blamed",
    )  # fmt: skip


def test_the_blaming_incident_is_found_behind_thousands_of_others(state):
    top = Cause(rank=1, entity=CART, indicator="x", kind=CauseKind.DEPLOYMENT, change="other")
    for n in range(1_100):
        began = T0 + n * SECOND
        state.put(Incident(id=f"noise-{n}", opened_ns=began, causes=(top,)))
    assert widget(page(state), "failed").value == 2
    assert [row.health for row in widget(page(state), "deployments").rows].count("bad") == 2


def test_rollbacks_alone_are_not_nothing():
    state = MemoryState()
    state.put(change(1, outcome="rolledback"))
    made = page(state)
    shipped, rate = widget(made, "shipped"), widget(made, "rate")
    assert (shipped.value, shipped.state, shipped.says) == (0, State.OK, "without 1 rollbacks")
    assert rate.value is None and "rollbacks" in rate.missing
    assert [row.cells["state"].value for row in widget(made, "deployments").rows] == ["rollback"]


def test_scope_and_search_narrow(state):
    assert widget(page(state, scope="elsewhere"), "shipped").state is State.EMPTY
    found = widget(page(state, deployments__q="1.6"), "deployments")
    assert [row.id for row in found.rows] == ["deploy-6"]


def test_what_is_not_there_yet_is_said(state):
    assert any("Lead time" in text for text in widget(page(state), "not-yet").paragraphs)
