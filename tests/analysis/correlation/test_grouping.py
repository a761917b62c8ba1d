"""Which incident an alert belongs to: order, overlap, noise, size, verdicts."""

import random

import pytest

from opsweave.analysis.correlation import Grouper, Item, Settings, Topology, correlate
from opsweave.analysis.correlation.lateness import Lateness
from opsweave.analysis.correlation.taught import Taught, Verdict, teach

SHOP = Topology(
    ["edge", "cart", "catalog", "pay", "db", "mail"],
    [
        ("edge", "cart", "calls"), ("edge", "catalog", "calls"), ("edge", "pay", "calls"),
        ("cart", "catalog", "calls"), ("pay", "db", "calls"), ("mail", "db", "reads"),
    ],
)  # fmt: skip


def item(entity: str, at_s: float, type_: str = "latency", **more) -> Item:
    return Item(id=f"{entity}/{type_}@{at_s:g}", entity=entity, type=type_, start_s=at_s, **more)


def groups(items, topology=SHOP, **more) -> list[list[str]]:
    return [[a.partition("/")[0] for a in one.alerts] for one in correlate(items, topology, **more)]


CASCADE = [item("db", 0), item("pay", 10), item("edge", 25), item("edge", 30, "errors")]


def test_trouble_flows_to_who_leans_on_it():
    assert groups(CASCADE) == [["db", "pay", "edge", "edge"]]
    (one,) = correlate(CASCADE, SHOP)
    assert one.cause == "db"
    assert [join.rule for join in one.joins] == ["first", "topology", "topology", "topology"]


def test_the_cause_may_be_told_after_its_effects():
    assert groups([item("pay", 0), item("mail", 5), item("db", 40)]) == [["pay", "mail", "db"]]


def test_a_silent_cause_is_bridged():
    assert groups([item("pay", 0), item("mail", 5)]) == [["pay", "mail"]]


def test_the_order_of_lines_changes_nothing():
    items = [*CASCADE, item("catalog", 4000), item("cart", 4010), item("cart", 4011, "errors")]
    wanted = correlate(items, SHOP)
    for seed in range(5):
        random.Random(seed).shuffle(items)
        assert correlate(items, SHOP) == wanted


def test_its_id_is_its_first_alert_s():
    one, other = correlate(CASCADE, SHOP), correlate([*CASCADE, item("cart", 9000)], SHOP)
    assert one[0].id == other[0].id != other[1].id


def test_what_has_nothing_in_common_stays_apart():
    assert groups([item("mail", 0), item("catalog", 5)]) == [["mail"], ["catalog"]]
    assert groups([item("db", 0), item("pay", 7200)]) == [["db"], ["pay"]]
    assert groups([item("", 0, "a"), item("", 1, "b")]) == [[""], [""]]


def test_two_faults_at_once_are_two():
    first = [item("catalog", 0, "self_time", local=True), item("catalog", 1), item("cart", 6)]
    second = [item("db", 20, "self_time", local=True), item("pay", 24), item("mail", 26)]
    assert groups([*first, *second]) == [["catalog", "catalog", "cart"], ["db", "pay", "mail"]]


def test_a_second_cause_that_shows_itself_late_is_not_the_first_one():
    """The cart calls the catalog, but the catalog was fine when the cart became slow."""
    first = [item("cart", 0, "self_time", local=True), item("cart", 0), item("edge", 5)]
    second = [item("catalog", 30, "self_time", local=True), item("catalog", 35)]
    assert groups([*first, *second]) == [["cart", "cart", "edge"], ["catalog", "catalog"]]


def test_wrong_values_make_nobody_slow():
    items = [item("db", 0, "null_ratio", nature="values"), item("pay", 20)]
    assert groups(items) == [["db"], ["pay"]]
    odd = [item("db", 0, "null_ratio", nature="values"), item("pay", 9, "wrong", nature="values")]
    assert groups(odd) == [["db", "pay"]]


def test_a_flapping_alert_is_one_incident():
    items = [item("cart", n * 900.0, end_s=n * 900.0 + 60) for n in range(8)]
    assert groups(items) == [["cart"] * 8]


def test_rare_marks_connect_and_common_ones_do_not():
    alone = [item(f"p{n}", n * 5000.0, marks=("team=shop",)) for n in range(200)]
    pair = [item("x1", 2500, marks=("team=shop", "rack=r7")), item("x2", 2512, marks=("rack=r7",))]
    found = groups([*alone, *pair], Topology())
    assert ["x1", "x2"] in found
    assert len(found) == 201


def test_a_name_in_the_text_connects():
    items = [item("db", 0), item("report", 20, mentions=("db",))]
    assert groups(items) == [["db", "report"]]


def test_far_more_than_usual_at_once_is_one_incident():
    crowd = [item(f"n{n:03}", 100 + n / 10) for n in range(300)]
    assert len(groups(crowd, Topology())) < 5
    spread = [item(f"n{n:03}", 900.0 * n) for n in range(300)]
    assert len(groups(spread, Topology())) == 300


def test_without_a_graph_time_connects_what_is_not_usual():
    quiet = [item(f"n{n:02}", 6000.0 * n) for n in range(60)]
    storm = [item(f"x{n}", 93_000.0 + 7 * n) for n in range(6)]
    assert len(groups([*quiet, *storm], Topology())) == 61
    graph = Topology(["x0", "x1"])
    assert len(groups(storm, graph)) == 6, "a graph that does not connect them is evidence"


def test_no_incident_grows_without_bound():
    star = Topology(edges=[(f"s{n}", "db", "calls") for n in range(60)])
    items = [item("db", 0), *(item(f"s{n}", n) for n in range(60))]
    found = groups(items, star, settings=Settings(most_alerts=25))
    assert max(map(len, found)) == 25
    assert sum(map(len, found)) == 61


def test_a_storm_costs_by_its_alerts_not_by_their_square():
    """Counted, not timed: how many incidents an alert is held against."""
    asked = 0
    grouper = Grouper(Topology(edges=[(f"s{n}", f"s{n + 1}", "calls") for n in range(400)]))

    class Counted(dict):
        def get(self, cause, default=None):
            nonlocal asked
            found = super().get(cause, default)
            asked += len(found or ())
            return found

    grouper._index.live = Counted()
    for n in range(4000):
        grouper.place(item(f"s{n % 400}", n / 10, f"t{n % 7}"))
    assert asked < 4000 * 8 * 12


def test_verdicts_move_it():
    items = [item("pay", 0), item("mail", 110, "backlog")]
    assert groups(items) == [["pay"], ["mail"]]
    side = Verdict(together=True, one=("latency",), other=("backlog",))
    assert groups(items, taught=teach([side] * 4)) == [["pay", "mail"]]
    close = [item("pay", 0), item("mail", 10, "backlog")]
    assert groups(close) == [["pay", "mail"]]
    apart = Verdict(together=False, one=("latency",), other=("backlog",))
    assert groups(close, taught=teach([apart] * 40)) == [["pay"], ["mail"]]
    assert Taught().weight("a", "b") == 1.0


def test_one_alert_that_connects_two_makes_them_one():
    grouper = Grouper(Topology(edges=[("a", "c", "calls"), ("b", "c", "calls")]))
    one = grouper.open(item("a", 0))
    other = grouper.open(item("b", 2))
    placed = grouper.place(item("c", 4))
    assert (placed.group, placed.merged) == (one.id, other.id)
    assert list(grouper.groups) == [one.id]


def test_who_is_asked_may_forbid_that():
    grouper = Grouper(Topology(edges=[("a", "c", "calls"), ("b", "c", "calls")]))
    grouper.open(item("a", 0))
    grouper.open(item("b", 2))
    assert grouper.place(item("c", 4), may_merge=lambda _one, _other: False).merged == ""
    assert len(grouper.groups) == 2


@pytest.mark.parametrize("seed", range(5))
def test_late_alerts_are_put_in_order(seed):
    items = [item("cart", float(n)) for n in range(200)]
    chance = random.Random(seed)
    delays = {one.id: chance.uniform(0, 20) for one in items}
    coming = sorted(items, key=lambda one: one.start_s + delays[one.id])
    buffer = Lateness(allowed_s=30.0)
    told = [one for came in coming for one in buffer.push(came)] + list(buffer.flush())
    assert told == items
    assert buffer.late == 0
    assert list(buffer.push(item("cart", -500.0))) == [item("cart", -500.0)]
    assert buffer.late == 1
