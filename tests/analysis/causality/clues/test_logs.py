import numpy as np
import pytest
from tests.analysis.causality.clues.test_spans import case, dossier_of, first, nats
from tests.analysis.traces.shop import STEP_NS, Shop, sound

from opsweave.analysis.causality.clues.logs import opinion
from opsweave.analysis.causality.clues.logs_events import loud, statements
from opsweave.analysis.causality.clues.logs_names import Names
from opsweave.analysis.causality.dossier import Dossier, Lines, Metrics, SeriesName

ONSET_S = 1000


def alone(*lines, nodes=(), edges=(), onset=100):
    """Lines without traces: (time, entity, severity, body)."""
    count = len(lines)
    return Dossier(
        start_ns=0,
        end_ns=1000,
        onset_ns=onset,
        nodes=dict(nodes),
        edges=edges,
        lines=Lines(
            times_ns=np.array([line[0] for line in lines], np.int64),
            entity=[line[1] for line in lines],
            severity=[line[2] for line in lines],
            body=[line[3] for line in lines],
            trace_id=[""] * count,
            span_id=[""] * count,
            attributes=[""] * count,
        ),
    )


SERVICES = dict.fromkeys(("web", "cart", "basket", "billing"), "service")


def test_a_line_that_no_longer_comes_names_entity_and_region():
    top = first(opinion(case(sound(cart_stops=True)), {}))
    assert top.entity == "cart"
    assert top.indicator == "log:Cart.java:10_Cart.java:20"
    assert top.nats > 2
    assert "0% of visits" in top.says


def test_a_new_error_names_its_writer():
    top = first(opinion(case(sound(cart_fails=True)), {}))
    assert (top.entity, top.nats > 2) == ("cart", True)


def test_who_writes_that_another_fails_is_a_witness():
    def plan(shop, request):
        def in_web(at):
            request.line("web", "Web.java:1 hello", at)
            request.line("web", "Web.java:7 no instance of store can be reached", at, "ERROR")

        request.span("web", "shop", in_web)

    shop = Shop().requests(30, sound()).requests(30, plan, begin_s=ONSET_S)
    assert nats(opinion(dossier_of(shop), {})).get("web", 0.0) < 0.5


def lock_waits(metric, during):
    """cart cannot get its lock; ``during``: what a series of the nightly job says meanwhile."""
    shop = Shop().requests(30, sound())
    shop.requests(30, sound(cart_fails=True), begin_s=ONSET_S)
    bodies = shop.lines["body"]
    locked = "Cart.java:66 cannot begin a transaction: table is locked"
    bodies[:] = [locked if "cannot look up" in body else body for body in bodies]
    times = np.arange(0, ONSET_S + 30, 10) * STEP_NS
    held = Metrics(
        names=[SeriesName("nightly", "job", metric, "s")],
        offsets=np.array([0, len(times)]),
        times_ns=times,
        values=np.where(times < ONSET_S * STEP_NS, 0.1, during),
    )
    return nats(opinion(dossier_of(shop, metrics=held), {}))["cart"]


def test_who_waits_for_a_lock_is_a_witness_if_another_is_seen_to_hold_one():
    assert lock_waits("lock.held_time", 0.1) > 2
    assert lock_waits("lock.wait_time", 9.0) > 2
    assert lock_waits("lock.held_time", 9.0) < 0.5


def test_the_same_lines_again_accuse_nobody():
    found = nats(opinion(case(sound()), {}))
    assert found
    assert max(found.values()) <= 0


def test_errors_that_name_another_accuse_the_one_named():
    lines = [(200 + i, "web", "ERROR", f"call {i} to billing failed") for i in range(5)]
    found = nats(opinion(alone(*lines, nodes=SERVICES), {}))
    assert found == {"billing": pytest.approx(1.9459, abs=1e-3)}


def test_an_address_is_its_name_when_one_entity_alone_has_its_port():
    told = (1, "web", "INFO", "billing at billing:7443, cart at cart:80, basket at basket:80")
    lines = [(200 + i, "web", "ERROR", "dial tcp 10.0.0.9:7443: refused") for i in range(5)]
    assert set(nats(opinion(alone(told, *lines, nodes=SERVICES), {}))) == {"billing"}
    lines = [(200 + i, "web", "ERROR", "dial tcp 10.0.0.9:80: refused") for i in range(5)]
    assert nats(opinion(alone(told, *lines, nodes=SERVICES), {})) == {}


def test_what_was_said_before_is_no_news():
    before = [(1, "web", "ERROR", "calls to billing are slow")]
    lines = [(200 + i, "web", "ERROR", "calls to billing are slow") for i in range(5)]
    assert opinion(alone(*before, *lines, nodes=SERVICES), {}).suspects == ()


def test_one_line_is_no_rumour():
    line = (200, "web", "ERROR", "call to billing failed")
    assert opinion(alone(line, nodes=SERVICES), {}).suspects == ()


def test_what_holds_the_one_named_is_held_to_be_named():
    lines = [(200 + i, "web", "ERROR", "call to billing failed") for i in range(5)]
    nodes = SERVICES | {"billing-0": "pod", "host-1": "host", "shop": "namespace"}
    edges = (
        ("billing-0", "billing", "part_of"),
        ("billing-0", "host-1", "runs_on"),
        ("billing", "shop", "in_namespace"),
    )
    found = nats(opinion(alone(*lines, nodes=nodes, edges=edges), {}))
    assert set(found) == {"billing", "host-1", "shop"}
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("could not save order 5", set()),
        ("no answer from order", {"order"}),
        ("GET http://order/5 failed", {"order"}),
        ("order:8080 refused", {"order"}),
        ("no route to stock-db.shop.svc", {"stock-db"}),
        ("stock-db2 failed", set()),
        ("STOCK-DB failed", {"stock-db"}),
    ],
)
def test_a_name_that_is_a_word_is_meant_where_an_address_could_stand(text, meant):
    nodes = {"order": "service", "stock-db": "service"}
    assert Names(alone(nodes=nodes)).of(text) == meant


def test_no_lines_no_word():
    assert opinion(Dossier(start_ns=0, end_ns=9), {}).suspects == ()


def test_a_statement_is_its_place_in_the_code_where_a_line_tells_it():
    found = statements(
        [
            "12:00:01 INFO shop.Cart#17 [get][id=5]",
            "12:00:02 INFO shop.Cart#17 [get][many ids: 5, 6, 7]",
            "12:00:03 INFO shop.Cart#18 [get][id=5]",
            "user 5 left",
            "user 6 left",
        ]
    )
    assert found[0] == found[1] == "shop.Cart#17"
    assert found[2] == "shop.Cart#18"
    assert found[3] == found[4] != found[2]


@pytest.mark.parametrize(
    ("severity", "body", "is_loud"),
    [
        ("INFO", "ERROR in the text of an information", False),
        ("", "2024-01-01 ERROR boom", True),
        ("", '{"level": "error", "msg": "boom"}', True),
        ("", "java.lang.IllegalStateException: boom", True),
        ("", "bf-error-rate: 0.01", False),
        ("warning", "boom", False),
    ],
)
def test_what_is_loud(severity, body, is_loud):
    assert loud(severity, body) is is_loud
