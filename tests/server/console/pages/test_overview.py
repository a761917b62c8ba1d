"""The first page: the worst first, no data is no zero, one's own practice before others."""

from __future__ import annotations

import msgspec

from opsweave.facts import CauseKind, ChangeKind, Relation, RelationKind
from opsweave.kernel.clock import SECOND
from opsweave.server.console.pages.overview.comb import MOST, honeycomb
from opsweave.server.console.pages.overview.roles import ROLES
from opsweave.server.console.pages.trouble import Trouble


def cells(matrix):
    return {
        (row.title, column): cell
        for row in matrix.rows
        for column, cell in zip(matrix.columns, row.cells, strict=True)
    }


def test_nothing_is_known_of_an_empty_record(console) -> None:
    page = console.page("overview")
    assert (page.health, page.health_text) == ("unknown", "nothing has arrived")
    found = cells(console.widget("overview", "matrix"))
    assert found["Reliability", "Operate"].health == "unknown", "no data is not well"
    assert {cell.text for (row, _), cell in found.items() if row == "Security" and cell} == {
        "not there yet"
    }
    assert found["Delivery", "Design"] is None


def test_the_matrix_says_what_the_record_holds(shop) -> None:
    found = cells(shop.widget("overview", "matrix"))
    assert found["Reliability", "Operate"].text == "1 open incident"
    assert found["Reliability", "Operate"].health == "bad"
    assert found["Delivery", "Deploy"].text == "1 deployment, 1 failed"
    assert found["Delivery", "Operate"].text == "1 configuration change"
    assert found["Incidents", "Monitor"].text == "2 alerts fire"
    assert found["Incidents", "Deploy"].text == "1 approval waits"
    assert found["Delivery", "Build"].text == "no data"


def test_a_role_sees_its_own_practices_first_and_lit(console) -> None:
    rows = console.widget("overview", "matrix", role="steward").rows
    assert [(row.title, row.lit) for row in rows[:3]] == [
        ("Data", True),
        ("Model risk", True),
        ("Delivery", False),
    ]
    assert len(rows) == 7
    for role in ROLES:
        assert console.widget("overview", "matrix", role=role).rows[0].lit
    assert not console.widget("overview", "matrix", role="nobody").rows[0].lit


def test_numbers_have_their_records(shop) -> None:
    stat = shop.widget("overview", "open-incidents")
    assert (stat.value, stat.health, stat.proof.ids) == (1, "bad", ("incident:state:inc-1@1",))
    firing = shop.widget("overview", "firing")
    assert (firing.value, firing.proof.n) == (2, 2)
    assert shop.widget("overview", "firing", scope="pay").value == 0
    assert shop.widget("overview", "deployments").proof.ids == ("change:state:dep/1@1",)
    assert shop.widget("overview", "arrives").value is None, "a minute has not passed"


def test_newer_changes_of_other_kinds_hide_no_deployment(shop, small) -> None:
    state, now = shop.assembly.stores.state, shop.now
    with state.transaction():
        for n in range(1_005):
            at = now - (n % 100) * SECOND
            state.put(small.change(f"c{n}", at, kind=ChangeKind.COMMIT))
        state.put(small.change("b1", now - 200 * SECOND, kind=ChangeKind.BUILD, outcome="error"))
    found = cells(shop.widget("overview", "matrix"))
    assert found["Delivery", "Deploy"].text == "1 deployment, 1 failed"
    assert found["Delivery", "Develop"].text == "1005 commits"
    assert "newest 1,000" in found["Delivery", "Develop"].says
    assert found["Delivery", "Build"].text == "1 build, 1 failed"
    assert shop.widget("overview", "changes").total == 1_009
    assert shop.widget("overview", "changes").rows[1].id == "dep/1", "it is in flight"


def test_delivery_and_the_overview_count_alike(shop, small) -> None:
    state, now = shop.assembly.stores.state, shop.now
    for n, outcome in enumerate(("failure", "failed", "rolledback", "", "success")):
        state.put(small.change(f"d{n}", now - 60 * n * SECOND, outcome=outcome))
    state.put(small.change("dep/2", now - 600 * SECOND, outcome="success"))
    blames = small.incident("inc-2", now - 300 * SECOND)
    cause = msgspec.structs.replace(blames.causes[0], kind=CauseKind.FLAG, change="dep/2")
    state.put(msgspec.structs.replace(blames, causes=(cause,)))
    here, there = shop.widget("overview", "deployments"), shop.widget("delivery", "shipped")
    assert here.value == there.value == 6
    assert here.proof.excluded == there.proof.excluded
    assert here.proof.excluded["in flight"] == 1
    failed = shop.widget("delivery", "failed").value
    assert failed == 4 and here.says == f"in 1 h; {failed:.0f} failed, 1 were rollbacks"


def test_the_head_is_of_the_scope(shop) -> None:
    page = shop.page("overview")
    assert (page.health, page.health_text) == ("bad", "1 open incident")
    page = shop.page("overview", scope="pay")
    assert (page.health, page.health_text) == ("unknown", "no data"), "it has long been silent"
    assert shop.page("overview", scope="web").health_text == "all is well"


def test_open_incidents_and_changes(shop) -> None:
    (row,) = shop.widget("overview", "incidents").rows
    assert row.to == "incidents/inc-1"
    assert row.cells["cause"].value == "the deployment dep/1 made the pool smaller"
    changes = shop.widget("overview", "changes").rows
    assert [row.id for row in changes] == ["run-1", "dep/1", "cfg-1"]
    assert changes[0].cells["state"].value == "waits for approval"
    assert changes[1].cells["state"].value == "in flight"


def test_the_honeycomb_is_worst_first(shop) -> None:
    comb = shop.widget("overview", "entities")
    assert [group.title for group in comb.groups] == ["shop", "pay"]
    assert [(c.label, c.health) for c in comb.groups[0].cells] == [
        ("cart", "bad"),
        ("orders", "warning"),
        ("web", "good"),
    ]
    (silent,) = comb.groups[1].cells
    assert silent.health == "unknown" and "no data" in silent.says


def test_teams_own_and_are_not_well_or_ill_themselves(shop, small) -> None:
    owns = Relation(
        source=small.CART, kind=RelationKind.OWNED_BY, target="team:default/default/buy"
    )
    shop.assembly.graph.relate([owns], shop.now)
    comb = shop.widget("overview", "entities")
    assert [group.title for group in comb.groups] == ["buy", "shop", "pay"]
    assert [cell.label for cell in comb.groups[0].cells] == ["cart"]
    assert len(shop.widget("overview", "entities", scope="buy").groups) == 1
    facts = {fact.title: fact.text for fact in shop.page(f"entities/{small.CART}").facts}
    assert facts["Owner"] == "buy"
    assert "buy" not in {node.label for node in shop.widget("map", "graph").nodes}


def test_a_honeycomb_too_large_says_what_it_leaves_out(shop) -> None:
    known = shop.assembly.graph.snapshot().entities["service:prod/shop/cart"]
    many = {f"service:prod/shop/s{n}": known for n in range(MOST + 5)}
    comb = honeycomb(Trouble(at_ns=shop.now, entities=many), shop.query("overview"))
    assert sum(len(group.cells) for group in comb.groups) == MOST
    assert "5 that are better than these are left out" in comb.says


def test_one_look_serves_all_who_look_until_something_is_stored(shop, small) -> None:
    troubles = shop.assembly.console_sources.troubles
    now = shop.now
    first = troubles.now(now)
    assert troubles.now(now + SECOND) is first
    assert troubles.now(now + 10 * SECOND) is first, "nothing was stored"
    shop.assembly.stores.state.put(small.alert("a9", small.WEB, started=now))
    assert troubles.now(now + 10 * SECOND).firing == first.firing + 1
