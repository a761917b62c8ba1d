import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.traces.shop import Shop, sound

from opsweave.analysis.traces.behaviour import conduct
from opsweave.analysis.traces.happenings import Happening, of_spans
from opsweave.analysis.traces.visits import visits


def told(shop, begin_s=1000):
    trees = shop.forest()
    stays = visits(trees)
    what = of_spans(trees, stays, shop.spans["status"])
    lines = shop.lines
    rows = [trees.rows[key] for key in zip(lines["trace_id"], lines["span_id"], strict=True)]
    names = [
        Happening("error" if severity == "ERROR" else "log", "", body.split()[0])
        for body, severity in zip(lines["body"], lines["severity"], strict=True)
    ]
    what = what.joined(
        stays.of[np.array(rows, np.int64)],
        np.arange(len(names)),
        np.array(lines["times_ns"], np.int64) // 1000,
        names,
    )
    late = (trees.first_us() >= begin_s * 1_000_000)[stays.head]
    found = conduct(stays, what, ~late, late)
    return {trees.entities[number]: one for number, one in found.items()}


def changed(plan, many=15, before=None):
    shop = Shop().requests(many, before or sound())
    return told(shop.requests(many, plan, begin_s=1000))


def test_an_early_return_is_told_of_who_returns_not_of_its_caller():
    found = changed(sound(cart_stops=True))
    assert found["cart"].nats > 5
    assert max((found[e].nats for e in found if e != "cart"), default=0) < 1
    gone = {d.what.text for d in found["cart"].deviations if d.nats > 5 and d.fell}
    assert {"Cart.java:20", "read"} <= gone


def test_where_lines_part_is_named():
    found = changed(sound(cart_stops=True))
    line = next(d for d in found["cart"].deviations if d.what.text == "Cart.java:20")
    assert line.between == ("Cart.java:10", "Cart.java:20")


def test_a_new_error_is_told():
    top = changed(sound(cart_fails=True))["cart"].deviations[0]
    assert top.what == Happening("error", "", "Cart.java:66")
    assert (top.before, top.after) == (0, 15)


def test_requests_that_fail_as_they_always_did_are_no_news():
    found = changed(sound(cart_fails=True), before=sound(cart_fails=True))
    assert all(one.nats < 1 for one in found.values())


def test_less_traffic_is_no_change_of_conduct():
    shop = Shop().requests(40, sound()).requests(6, sound(), begin_s=1000)
    assert all(one.nats < 1 for one in told(shop).values())


def test_a_callee_after_whose_answer_ways_part_is_named():
    found = changed(sound(pay=False))
    assert found["web"].nats > 5
    assert found["web"].parted[0] == "cart"


def test_two_requests_are_not_enough():
    assert changed(sound(cart_stops=True), many=2)["cart"].nats < 2


@given(st.permutations(range(24)))
@settings(max_examples=20, deadline=None)
def test_the_order_in_which_spans_arrive_does_not_matter(order):
    shop = Shop().requests(2, sound()).requests(2, sound(cart_stops=True), begin_s=1000)
    straight = told(shop)
    count = len(shop.spans["times_ns"])
    rows = [i for i in order if i < count] + list(range(len(order), count))
    for name, column in shop.spans.items():
        shop.spans[name] = [column[i] for i in rows]
    mixed = told(shop)
    assert {e: round(c.nats, 9) for e, c in mixed.items()} == {
        e: round(c.nats, 9) for e, c in straight.items()
    }


def test_of_whom_a_share_of_visits_is_excused_that_share_is_told():
    shop = Shop().requests(40, sound())
    shop.requests(30, sound(cart_fails=True), begin_s=1000)
    shop.requests(10, sound(pay=False), begin_s=1030)
    found = told(shop)
    assert 0.4 < found["web"].excused < 0.75, "three quarters, less the doubt"
    assert found["cart"].excused == 0.0
    assert found["web"].nats > 1, "what it does otherwise is told still"
