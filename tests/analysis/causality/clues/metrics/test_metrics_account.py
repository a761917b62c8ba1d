import numpy as np
import pytest
from tests.analysis.causality.clues.metrics.recorded import AFTER, BEFORE, column, recorded

from opsweave.analysis.causality.clues.metrics.account import Account, Ledger, ledger
from opsweave.analysis.causality.clues.metrics.graph import graph_of
from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import read
from opsweave.analysis.causality.clues.metrics.symptom import Complaint, blame, complaint, together


def shop(web, cart, store, requests=(100, 100, 100), edges=None, **more):
    """Mean latencies (s) that grow by so much, and requests."""
    series = {
        (e, "latency_mean", "s"): column(i, 0.1 * (3 - i), 0.002, shift)
        for i, (e, shift) in enumerate((("web", web), ("cart", cart), ("store", store)))
    }
    series |= {
        (e, "requests", ""): column(9 + i, n, n / 50)
        for i, (e, n) in enumerate(zip(("web", "cart", "store"), requests, strict=True))
    }
    edges = edges or (("web", "cart", "calls"), ("cart", "store", "calls"))
    return recorded(series, edges=edges, **more)


def accounts(dossier, kind=Kind.LATENCY):
    graph = graph_of(dossier)
    readings = read(dossier, graph)
    requests = {
        r.name.entity: r.usual + r.excess for r in readings.all if r.what.kind is Kind.TRAFFIC
    }
    return ledger(readings.all, kind, graph, requests)


def test_what_a_callee_adds_is_counted_by_amount():
    found = accounts(shop(0.4, 0.2, 0.0)).accounts
    assert found["web"].callees["cart"] == pytest.approx(0.5, abs=0.05)
    assert found["cart"].explained == pytest.approx(0.0, abs=0.05)


def test_a_callee_asked_thrice_a_request_weighs_thrice():
    found = accounts(shop(0.6, 0.2, 0.0, requests=(100, 300, 100))).accounts
    assert found["web"].callees["cart"] == pytest.approx(1.0, abs=0.05)


def test_a_shared_callee_is_divided_by_who_asks():
    edges = (("web", "store", "calls"), ("cart", "store", "calls"))
    found = accounts(shop(0.4, 0.4, 0.4, (100, 300, 400), edges)).accounts
    assert found["web"].callees["store"] == pytest.approx(1.0, abs=0.05)


def test_callees_never_explain_more_than_there_is():
    edges = (("web", "cart", "calls"), ("web", "store", "calls"))
    found = accounts(shop(0.1, 0.4, 0.4, edges=edges)).accounts
    assert sum(found["web"].callees.values()) == pytest.approx(1.0)
    assert found["web"].explained == pytest.approx(1.0)


def test_the_symptom_flows_to_where_it_ends():
    asked = shop(0.4, 0.4, 0.4, symptom_entity="web", symptom_indicator="latency_mean")
    about = complaint(asked)
    assert about is not None
    nats = blame(about, {Kind.LATENCY: accounts(asked)}, ["web", "cart", "store"])
    assert nats["store"] == max(nats.values())
    assert nats["store"] > 3
    assert nats["web"] < 1.5


def test_a_circle_of_callers_ends():
    edges = (("web", "cart", "calls"), ("cart", "web", "calls"), ("cart", "store", "calls"))
    asked = shop(0.4, 0.4, 0.4, edges=edges, symptom_entity="web", symptom_indicator="latency_mean")
    about = complaint(asked)
    assert about is not None
    nats = blame(about, {Kind.LATENCY: accounts(asked)}, ["web", "cart", "store"])
    assert all(np.isfinite(n) for n in nats.values())


def test_a_symptom_that_is_not_measured_still_names_its_entity():
    about = complaint(shop(0.4, 0, 0, symptom_entity="web", symptom_indicator="latency_p99"))
    assert about is not None
    assert len(about.times) == 0
    assert complaint(shop(0.4, 0, 0, symptom_entity="web", symptom_indicator="mood")) is None


def test_neighbours_that_resemble_each_other_prove_little_together():
    wave = np.linspace(0, 1, AFTER)
    noise = np.random.default_rng(1).normal(0, 1, (2, AFTER))
    found = {}
    for name, shape in (("drift", wave), ("pulses", noise[0])):
        series = {
            (e, "latency_mean", "s"): np.r_[
                column(i)[:BEFORE] / 100, 1 + 0.2 * shape + noise[i] / 90
            ]
            for i, e in enumerate(("web", "cart"))
        }
        asked = recorded(series, symptom_entity="web", symptom_indicator="latency_mean")
        about = complaint(asked)
        assert about is not None
        found[name] = together(asked, about, read(asked, graph_of(asked)))["cart"]
    assert 0 < found["drift"] <= found["pulses"]


def test_the_longest_chain_is_followed_to_its_end():
    many = 3000
    accounts = {f"s{i}": Account({f"s{i + 1}": 1.0}, 0.0) for i in range(many)}
    about = Complaint("s0", Kind.LATENCY, np.empty(0, np.int64), np.empty(0))
    nats = blame(about, {Kind.LATENCY: Ledger({}, accounts)}, ["s0", f"s{many}"])
    assert nats[f"s{many}"] > nats["s0"] + 3


def test_of_a_symptom_whose_latency_nobody_measured_nothing_is_traced():
    about = Complaint("web", Kind.LATENCY, np.empty(0, np.int64), np.empty(0))
    books = {Kind.LATENCY: Ledger({}, {"cart": Account({}, 0.0)})}
    assert blame(about, books, ["web", "cart"]) == {}
