import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.analysis.causality.clues.metrics.recorded import AFTER, BEFORE, STEP, column, recorded

from opsweave.analysis.causality.clues.metrics import opinion
from opsweave.analysis.causality.dossier import Dossier, Metrics, SeriesName

CHAIN = (("web", "cart", "calls"), ("cart", "store", "calls"))


def ranked(dossier):
    suspects = opinion(dossier, {}).suspects
    return [s.entity for s in sorted(suspects, key=lambda s: (-s.nats, s.entity))]


def nats(dossier):
    return {s.entity: s.nats for s in opinion(dossier, {}).suspects}


def quiet(shifts=None):
    """Latency and cpu of a chain of three, some of them shifted."""
    shifts = shifts or {}
    return {
        (e, m, u): column(i * 10 + j, level, level / 50, shifts.get((e, m), 0.0))
        for i, e in enumerate(("web", "cart", "store"))
        for j, (m, u, level) in enumerate(
            (("latency_p90", "s", 0.3 - i * 0.1), ("cpu_usage", "%", 20.0))
        )
    }


def test_no_metrics_no_opinion():
    assert opinion(Dossier(start_ns=0, end_ns=1), {}).suspects == ()


def test_a_quiet_system_gives_nobody_away():
    found = nats(recorded(quiet(), edges=CHAIN))
    assert max(found.values()) <= 0
    assert max(found.values()) - min(found.values()) < 1


@pytest.mark.parametrize("guilty", ["web", "cart", "store"])
def test_a_busy_processor_is_found_wherever_it_is(guilty):
    series = quiet({(guilty, "cpu_usage"): 60.0, (guilty, "latency_p90"): 0.4})
    first = opinion(recorded(series, edges=CHAIN), {})
    assert ranked(recorded(series, edges=CHAIN))[0] == guilty
    suspect = first.of(guilty)
    assert suspect is not None
    assert suspect.indicator == "cpu_usage"
    assert suspect.nats > np.log(3) - 0.1
    assert suspect.evidence


def test_it_sees_what_falls():
    series = {
        (e, "availability", "%"): np.clip(column(i, 100, 0.01, s), 0, 100)
        for i, (e, s) in enumerate((("web", -6.0), ("cart", -8.0), ("store", 0.0)))
    }
    assert ranked(recorded(series, edges=CHAIN))[0] == "cart"


def test_a_caller_is_excused_by_what_its_callee_accounts_for():
    series = quiet({(e, "latency_p90"): 0.5 for e in ("web", "cart", "store")})
    found = opinion(recorded(series, edges=CHAIN), {})
    store, web = found.of("store"), found.of("web")
    assert store is not None
    assert web is not None
    assert store.nats > web.nats + 1
    assert web.parts["latency explained"] < -1


def test_a_callee_that_is_a_little_slower_does_not_excuse_much():
    series = quiet({("web", "latency_p90"): 0.5, ("cart", "latency_p90"): 0.05})
    web = opinion(recorded(series, edges=CHAIN), {}).of("web")
    assert web is not None
    assert web.parts["latency explained"] > -0.3


def test_milliseconds_and_seconds_are_one_unit():
    series = quiet({(e, "latency_p90"): 0.5 for e in ("web", "cart")})
    values = series.pop(("cart", "latency_p90", "s"))
    in_ms = recorded({**series, ("cart", "latency_p90", "ms"): values * 1000}, edges=CHAIN)
    same = nats(recorded({**series, ("cart", "latency_p90", "s"): values}, edges=CHAIN))
    assert nats(in_ms)["web"] == pytest.approx(same["web"], abs=0.02)


def test_waiting_for_a_callee_that_was_not_slow_points_to_the_way_there():
    series = {("web", "client_latency_p90", "s"): column(1, 0.1, 0.002, 0.4)}
    series |= {(e, "server_latency_p90", "s"): column(i, 0.1, 0.002) for i, e in enumerate("ab")}
    series[("web", "server_latency_p90", "s")] = column(7, 0.2, 0.004, 0.4)
    found = nats(recorded(series, edges=(("web", "a", "calls"), ("x", "b", "calls"))))
    assert found["a"] > found["b"] + 0.5


def test_what_follows_the_symptom_is_preferred_to_what_merely_changed():
    pulse = np.zeros(BEFORE + AFTER)
    pulse[BEFORE : BEFORE + 4] = 0.4
    series = {
        ("web", "latency_mean", "s"): column(1, 0.2, 0.005) + pulse,
        ("cart", "latency_mean", "s"): column(2, 0.1, 0.005) + pulse,
        ("mail", "latency_mean", "s"): column(3, 0.1, 0.005, 0.4),
    }
    edges = (("web", "cart", "calls"), ("web", "mail", "calls"))
    asked = recorded(series, edges=edges, symptom_entity="web", symptom_indicator="latency_mean")
    found = opinion(asked, {})
    cart, mail = found.of("cart"), found.of("mail")
    assert cart is not None
    assert mail is not None
    assert cart.nats > mail.nats + 1
    assert cart.parts["together"] > mail.parts["together"] + 1


def test_only_kinds_that_were_asked_for_are_named():
    dossier = recorded(
        quiet(), nodes={"web": "client", "cart": "service"}, answer_kinds=frozenset({"service"})
    )
    assert {s.entity for s in opinion(dossier, {}).suspects} == {"cart", "store"}


def test_an_instance_lends_its_suspicion_to_its_service():
    series = {(f"cart-{i}", "cpu_usage", "%"): column(i, 20, 1, 50.0 * (i == 1)) for i in range(3)}
    series[("store-0", "cpu_usage", "%")] = column(9, 20, 1)
    edges = (*((f"cart-{i}", "cart", "part_of") for i in range(3)), ("store-0", "store", "part_of"))
    found = nats(recorded(series, edges=edges))
    assert found["cart-1"] == max(found.values())
    assert found["cart"] > found["store"] + 1


def test_few_samples_say_little_but_something():
    series = {(e, "cpu", "%"): np.full(BEFORE + AFTER, np.nan) for e in ("a", "b")}
    for values in series.values():
        values[[0, 20, 40, BEFORE]] = [10.0, 11.0, 10.5, 10.7]
    series[("b", "cpu", "%")][BEFORE] = 90.0
    found = nats(recorded(series))
    assert found["a"] < found["b"] < 4


def test_no_samples_after_are_counted_as_left_out():
    series = quiet()
    series[("web", "cpu_usage", "%")][BEFORE:] = np.nan
    assert sum(opinion(recorded(series), {}).excluded.values()) == 1


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([1e-6, 1e-3, 7.0, 1e6]), st.integers(0, 100))
def test_the_scale_of_a_series_does_not_matter(factor, seed):
    series = {(e, "cpu", "%"): column(seed + i, 10, 0.5, 6.0 * i) for i, e in enumerate("abc")}
    scaled = {key: values * factor for key, values in series.items()}
    ours, theirs = nats(recorded(series)), nats(recorded(scaled))
    assert ours == pytest.approx(theirs, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_series_does_not_matter(order):
    items = list(quiet({("cart", "latency_p90"): 0.3}).items())
    shuffled = recorded(dict(items[i] for i in order), edges=CHAIN[::-1])
    assert nats(shuffled) == pytest.approx(nats(recorded(dict(items), edges=CHAIN)))


@settings(max_examples=20, deadline=None)
@given(st.permutations(["web", "cart", "store"]))
def test_names_do_not_matter(names):
    series = quiet({("cart", "cpu_usage"): 40.0})
    other = dict(zip(("web", "cart", "store"), names, strict=True))
    renamed = {(other[e], m, u): values for (e, m, u), values in series.items()}
    edges = tuple((other[a], other[b], kind) for a, b, kind in CHAIN)
    ours, theirs = nats(recorded(series, edges=CHAIN)), nats(recorded(renamed, edges=edges))
    assert {other[e]: n for e, n in ours.items()} == pytest.approx(theirs)


def test_a_thousand_entities_of_twenty_metrics_within_seconds():
    entities, metrics, samples = 1000, 20, 120
    rng = np.random.default_rng(0)
    names = [
        SeriesName(f"svc-{i}", "service", f"{kind}_{j}")
        for i in range(entities)
        for j, kind in enumerate(("cpu", "memory", "latency_p90", "requests", "errors") * 4)
    ]
    count = entities * metrics
    dossier = Dossier(
        start_ns=0,
        end_ns=samples * STEP,
        onset_ns=100 * STEP,
        metrics=Metrics(
            names=names,
            offsets=np.arange(count + 1, dtype=np.int64) * samples,
            times_ns=np.tile(np.arange(samples, dtype=np.int64) * STEP, count),
            values=rng.normal(10, 1, count * samples),
        ),
        edges=tuple((f"svc-{i}", f"svc-{2 * i + k}", "calls") for i in range(500) for k in (1, 2)),
    )
    begun = time.process_time()
    assert len(opinion(dossier, {}).suspects) >= entities
    assert time.process_time() - begun < 10


def test_who_vanished_is_suspected_and_one_instance_of_many_is_not():
    series = quiet()
    for key in [k for k in series if k[0] == "cart"]:
        series[key][BEFORE:] = np.nan
    found = nats(recorded(series, edges=CHAIN))
    assert found["cart"] > max(found["web"], found["store"]) + 1
    instances = (("cart", "shop", "part_of"), ("store", "shop", "part_of"))
    gone = opinion(recorded(series, edges=instances), {}).of("shop")
    assert gone is None or "vanished" not in gone.parts


def test_who_asks_its_callee_no_more_gives_up():
    series = {(e, "requests", "1/s"): column(i, 50, 1) for i, e in enumerate(("web", "cart"))}
    series[("store", "requests", "1/s")] = column(5, 50, 1, -45)
    found = nats(recorded(series, edges=CHAIN))
    assert found["cart"] == max(found.values())
    assert found["cart"] > found["store"]


def test_the_onset_is_when_the_series_left_for_good():
    series = quiet({("cart", "cpu_usage"): 40.0})
    series[("cart", "cpu_usage", "%")][BEFORE : BEFORE + 3] -= 40.0
    cart = opinion(recorded(series, edges=CHAIN), {}).of("cart")
    assert cart is not None
    assert cart.onset_ns == (BEFORE + 3) * STEP


def test_a_host_whose_tenants_suffer_is_suspected():
    series = {
        (e, "latency_p90", "s"): column(i, 0.1, 0.002, 0.3 * (i < 3))
        for i, e in enumerate("abcdef")
    }
    series |= {(h, "cpu_usage", "%"): column(i, 20, 1) for i, h in enumerate(("h1", "h2"))}
    edges = tuple((e, "h1" if i < 3 else "h2", "runs_on") for i, e in enumerate("abcdef"))
    found = opinion(recorded(series, edges=edges), {})
    ill, well = found.of("h1"), found.of("h2")
    assert ill is not None
    assert well is not None
    assert ill.parts["tenants"] > 0 > well.parts["tenants"]


def test_an_alert_that_came_late_does_not_hide_the_trouble():
    series = quiet({("cart", "latency_p90"): 0.5})
    series[("cart", "latency_p90", "s")][BEFORE - 6 :] += 0.5
    assert ranked(recorded(series, edges=CHAIN))[0] == "cart"


def test_ends_named_by_an_indicator_say_who_is_seen():
    calls = "success_rate{web->cart}"
    series = {
        ("web-0", calls, "%"): np.clip(column(1, 99.9, 0.05, -20), 0, 100),
        ("cart-0", calls, "%"): np.clip(column(2, 99.9, 0.05, -20), 0, 100),
        ("mail-0", "success_rate{web->mail}", "%"): np.clip(column(3, 99.9, 0.05), 0, 100),
    }
    edges = tuple((f"{e}-0", e, "part_of") for e in ("web", "cart", "mail"))
    found = nats(
        recorded(series, edges=edges, nodes=dict.fromkeys(("web", "cart", "mail"), "service"))
    )
    assert found["cart-0"] > found["web-0"]
    assert found["cart"] > found["mail"]


def test_a_series_that_began_late_is_still_judged():
    series = quiet({("cart", "cpu_usage"): 60.0})
    for values in series.values():
        values[: BEFORE - 9] = np.nan
    assert ranked(recorded(series, edges=CHAIN))[0] == "cart"


def test_what_never_moved_before_is_measured_by_how_its_peers_move():
    series = {(e, "retransmissions", ""): column(i, 2, 0.5) for i, e in enumerate("abcd")}
    for entity, now in (("x", 40.0), ("y", 1.0)):
        series[(entity, "retransmissions", "")] = np.r_[np.zeros(BEFORE), np.full(AFTER, now)]
    found = nats(recorded(series))
    assert found["x"] > found["y"] + 1


def test_who_moved_most_where_nobody_moved_before():
    series = {
        (e, "failures", ""): np.r_[np.zeros(BEFORE), np.full(AFTER, now)]
        for e, now in (("a", 1.0), ("b", 2.0), ("c", 900.0), ("d", 0.0))
    }
    assert ranked(recorded(series))[0] == "c"


def test_a_symptom_of_somebody_who_cannot_be_judged_is_no_obstacle():
    series = quiet({("cart", "cpu_usage"): 60.0})
    series[("user", "latency_p90", "s")] = np.r_[np.full(BEFORE, np.nan), np.ones(AFTER)]
    dossier = recorded(
        series,
        nodes={"user": "client"},
        answer_kinds=frozenset({"service"}),
        symptom_entity="user",
        symptom_indicator="latency_p90",
    )
    assert ranked(dossier)[0] == "cart"


def test_it_says_what_moved_and_why_that_accuses():
    series = quiet({(e, "latency_p90"): 0.5 for e in ("web", "cart", "store")})
    found = opinion(recorded(series, edges=CHAIN), {})
    store, web = found.of("store"), found.of("web")
    assert store is not None
    assert web is not None
    assert store.says.startswith("latency_p90 is 0.6 s, usually 0.09")
    assert "its latency grew by a large factor" in store.says
    assert "but its callees account for its latency" in web.says
    assert store.evidence[0].n == BEFORE + AFTER


def test_shares_of_success_are_told_as_shares():
    series = {("cart", "availability", "%"): np.clip(column(1, 99.9, 0.05, -20), 0, 100)}
    cart = opinion(recorded(series), {}).of("cart")
    assert cart is not None
    assert cart.says.startswith("availability is 0.79")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_passed_over(bad):
    series = quiet({("cart", "cpu_usage"): 60.0, ("cart", "latency_p90"): 0.3})
    series[("cart", "availability", "%")] = column(3, 99, 0.1)
    asked = {"symptom_entity": "web", "symptom_indicator": "latency_p90", "edges": CHAIN}
    whole = recorded(series, **asked)
    values = whole.metrics.values.copy()
    values[::17] = bad
    holed = replace(whole, metrics=replace(whole.metrics, values=values))
    found = opinion(holed, {})
    assert all(np.isfinite(s.nats) for s in found.suspects)
    assert max(found.suspects, key=lambda s: s.nats).entity == "cart"


def test_a_service_that_only_its_instances_measure_is_named_with_their_indicator():
    series = {(f"cart-{i}", "cpu_usage", "%"): column(i, 20, 1, 50.0 * (i == 1)) for i in range(3)}
    series |= {(f"mail-{i}", "cpu_usage", "%"): column(9 + i, 20, 1) for i in range(3)}
    edges = tuple((e, e.split("-")[0], "part_of") for e, _, _ in series)
    nodes = {"cart": "service", "mail": "service", **{e: "pod" for e, _, _ in series}}
    asked = recorded(series, edges=edges, nodes=nodes, answer_kinds=frozenset({"service"}))
    cart = opinion(asked, {}).of("cart")
    assert ranked(asked) == ["cart", "mail"]
    assert cart is not None
    assert cart.indicator == "cpu_usage"
    assert cart.nats > 0.3


def test_who_owns_things_is_no_candidate():
    series = {(e, "latency_mean", "s"): column(i, 0.1, 0.002, i) for i, e in enumerate("ab")}
    case = recorded(
        series, nodes={"a": "", "b": "", "people": "team"}, edges=(("a", "people", "owned_by"),)
    )
    assert {s.entity for s in opinion(case, {}).suspects} == {"a", "b"}


def test_what_is_kept_from_others_is_told_apart_from_waiting_for_it():
    series = {
        (e, metric, "s"): column(i, 0.1, 0.01, shift)
        for i, (e, metric, shift) in enumerate(
            (("job", "lock.held_time", 5.0), ("db", "lock.wait_time", 5.0), ("web", "cpu", 0.0))
        )
    }
    found = {s.entity: s for s in opinion(recorded(series), {}).suspects}
    assert found["job"].nats > found["db"].nats > found["web"].nats
    assert "keeps from others" in found["job"].says
