"""The map, one entity, one change."""

from __future__ import annotations

import pytest

from opsweave.facts import Relation, RelationKind
from opsweave.kernel.clock import SECOND, iso
from opsweave.kernel.errors import RejectInput


def names(graph) -> set[str]:
    return {node.label for node in graph.nodes}


def test_the_map_shows_trouble_and_one_hop(shop) -> None:
    graph = shop.widget("map", "graph")
    assert names(graph) == {"cart", "orders", "web", "payments"}
    health = {node.label: node.health for node in graph.nodes}
    assert (health["cart"], health["orders"], health["payments"]) == ("bad", "warning", "unknown")
    arrows = {
        (edge.source.rpartition("/")[2], edge.target.rpartition("/")[2]) for edge in graph.edges
    }
    assert arrows == {("web", "cart"), ("cart", "orders"), ("cart", "payments")}
    assert names(shop.widget("map", "graph", hops="0")) == {"cart", "orders"}


def test_the_table_beside_it_says_the_same(shop) -> None:
    table = shop.widget("map", "entities")
    assert [row.cells["health"].value for row in table.rows][:2] == ["bad", "warning"]
    assert table.total == 4
    assert table.rows[0].to == "entities/service:prod/shop/cart"


def test_search_focus_and_what_is_unknown(shop, small) -> None:
    assert names(shop.widget("map", "graph", q="WEB", hops="0")) == {"web"}
    focused = shop.widget("map", "graph", focus=small.PAY)
    assert names(focused) == {"payments", "cart"}
    assert [node.label for node in focused.nodes if node.lit] == ["payments"]
    nobody = shop.widget("map", "graph", focus="service:a/b/c")
    assert nobody.state == "empty" and "No entity" in nobody.missing


def test_too_many_to_be_read_are_not_drawn(shop, small) -> None:
    leaves = [f"service:prod/shop/leaf-{n}" for n in range(120)]
    calls = [Relation(source=small.CART, kind=RelationKind.CALLS, target=leaf) for leaf in leaves]
    shop.assembly.graph.relate(calls, shop.now)
    assert names(shop.widget("map", "graph")) == {"cart", "orders"}, "without those beside them"
    assert "more than the 100" in shop.page("map").lead
    graph = shop.widget("map", "graph", hops="1")
    assert not graph.nodes and graph.left_out == 124
    assert "more than 100" in graph.missing and graph.remedy_to == "map?hops=0"
    table = shop.widget("map", "entities", hops="1")
    assert (table.total, len(table.rows), table.next, table.previous) == (124, 50, "50", "")
    last = shop.widget("map", "entities", **{"hops": "1", "entities.after": "100"})
    assert (len(last.rows), last.next, last.previous) == (24, "", "50")
    around = shop.widget(f"entities/{small.CART}", "graph")
    assert not around.nodes and around.remedy_to.startswith("map?focus=")


def test_time_travel(shop) -> None:
    then = iso(shop.now - 45 * 60 * SECOND)
    assert then is not None
    page = shop.page("map", at=then)
    assert then[:16] in page.lead
    assert page.as_of_ms < shop.now / 1e6 - 2_600_000
    graph = shop.widget("map", "graph", at=then)
    assert {(node.label, node.health) for node in graph.nodes} == {
        ("web", "warning"),
        ("cart", "good"),
    }
    assert not graph.topics, "the past brings no news"
    long_ago = shop.widget("map", "graph", at="2020-01-01T00:00:00Z")
    assert long_ago.state == "empty"
    with pytest.raises(RejectInput):
        shop.page("map", at="yesterday")


@pytest.mark.parametrize(("entities", "drawn"), [(3, 3), (60, 0)])
def test_nothing_in_trouble(console, entities: int, drawn: int) -> None:
    for n in range(entities):
        console.assembly.graph.see(f"service:prod/shop/s{n}", console.now)
    graph = console.widget("map", "graph")
    assert len(graph.nodes) == drawn
    assert "Nothing is in trouble" in console.page("map").lead
    assert bool(graph.missing) is not bool(drawn)


def test_an_entity(shop, small) -> None:
    page = shop.page(f"entities/{small.CART}")
    assert (page.title, page.health, page.health_text) == ("cart", "bad", "in trouble")
    assert [row.id for row in shop.widget(page.path, "alerts").rows] == ["a1"]
    assert {row.id for row in shop.widget(page.path, "incidents").rows} == {"inc-0", "inc-1"}
    assert [row.id for row in shop.widget(page.path, "changes").rows] == ["dep/1", "cfg-1"]
    assert names(shop.widget(page.path, "graph")) == {"cart", "web", "orders", "payments"}
    assert shop.widget(page.path, "no-series").state == "empty"


def test_a_list_that_was_cut_says_so_and_counts_nothing(shop, small) -> None:
    state, now = shop.assembly.stores.state, shop.now
    whole = shop.widget(f"entities/{small.CART}", "changes")
    assert (whole.total, whole.says) == (2, "")
    for n in range(60):
        state.put(small.alert(f"x{n}", small.CART, started=now - n * SECOND, ended=now))
        state.put(small.change(f"x{n}", now - n * SECOND))
        state.put(small.incident(f"x{n}", now - n * SECOND))
    page = shop.page(f"entities/{small.CART}")
    found = {w.id: w for section in page.sections for w in section.widgets}
    for table in (found["alerts"], found["changes"], found["incidents"]):
        assert table.total is None and "more than these" in table.says, table.id
        assert "at least" in table.proof.says
    beside = shop.widget("changes/x1", "near")
    assert beside.total is None and len(beside.rows) == 50


def test_a_change(shop) -> None:
    page = shop.page("changes/dep/1")
    assert (page.health, page.health_text) == ("bad", "the first cause of an incident")
    diff = shop.widget(page.path, "diff")
    assert (diff.before, diff.after) == ("pool: 16", "pool: 4")
    rows = shop.widget(page.path, "suspects").rows
    assert {row.cells["place"].value for row in rows} == {"first cause"}
    put_aside = shop.page("changes/cfg-1")
    assert put_aside.health == "neutral"
    assert shop.widget("changes/cfg-1", "suspects").rows[0].cells["place"].value == "dismissed"
