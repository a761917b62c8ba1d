"""What went wrong in a small shop, and what the ranking says of it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsweave.analysis.causality import explain
from opsweave.analysis.logs import NovelTemplate
from opsweave.facts import CauseKind, ChangeKind, Relation, RelationKind

from .cases import (
    CATALOG,
    CHECKOUT,
    EDGE,
    FEATURES,
    FRAUD,
    JOB,
    MAILER,
    MODEL,
    NOW,
    ONSET,
    ORDERS,
    OUTBOX,
    PAYMENT,
    PROVIDER,
    S,
    case,
    change,
    reading,
    traces,
)  # fmt: skip

SLOW_PAYMENT = {
    (PAYMENT, "self_time_p95"): reading(15),
    (PAYMENT, "latency_p95"): reading(14),
    (CHECKOUT, "client_latency_p95", PAYMENT): reading(14),
    (CHECKOUT, "latency_p95"): reading(10),
    (CHECKOUT, "pool.wait_time"): reading(9, ONSET + 5 * S),
    (EDGE, "latency_p95"): reading(7),
}


def first(answer):
    top = answer.causes[0]
    return top.entity, top.kind, top.change


def test_a_slow_deploy_is_found_below_those_who_wait_for_it():
    guilty = change(PAYMENT, -4)
    answer = explain(
        case(
            SLOW_PAYMENT,
            changes=(change(EDGE, -3), guilty, change(CATALOG, -60)),
            after={PAYMENT: traces(ms=400, own=350)},
        )
    )
    assert first(answer) == (PAYMENT, CauseKind.DEPLOYMENT, guilty.id)
    assert answer.no_change_is_guilty < 0.3
    reasons = {d.change: d.reason for d in answer.dismissed if d.change}
    assert set(reasons) == {"deployment-edge--3", "deployment-catalog--60"}


def test_without_a_change_at_that_time_none_is_guilty():
    old = change(PAYMENT, -70)
    answer = explain(case(SLOW_PAYMENT, changes=(old,), after={PAYMENT: traces(ms=400, own=350)}))
    assert first(answer)[0] == PAYMENT
    assert answer.causes[0].change is None
    assert answer.no_change_is_guilty > 0.7


def test_a_change_after_the_onset_is_dismissed_with_the_reason():
    late = change(PAYMENT, 25)
    answer = explain(case(SLOW_PAYMENT, changes=(late,), after={PAYMENT: traces(own=350)}))
    assert answer.causes[0].change is None
    (reason,) = [d.reason for d in answer.dismissed if d.change == late.id]
    assert "after" in reason


def test_exceptions_by_a_deploy_are_booked_where_they_arise():
    guilty = change(CHECKOUT, -2)
    answer = explain(
        case(
            {(EDGE, "error_ratio"): reading(), (CHECKOUT, "error_ratio"): reading()},
            symptoms=((EDGE, "error_ratio"), (CHECKOUT, "error_ratio")),
            changes=(change(EDGE, -6), guilty, change(PAYMENT, -1)),
            after={CHECKOUT: traces(failed=40), EDGE: traces(passed=15)},
        )
    )
    assert first(answer) == (CHECKOUT, CauseKind.DEPLOYMENT, guilty.id)


def test_a_configuration_that_names_what_suffers_beats_a_deploy_beside_it():
    guilty = change(
        CHECKOUT, -5, ChangeKind.CONFIGURATION, details={"keys": {"pool.size": ["6", "1"]}}
    )
    decoy = change(CHECKOUT, -12)
    answer = explain(
        case(
            {
                (CHECKOUT, "pool.wait_time"): reading(20),
                (CHECKOUT, "pool.waiting"): reading(10),
                (CHECKOUT, "self_time_p95"): reading(9),
                (EDGE, "latency_p95"): reading(8),
            },
            changes=(decoy, guilty),
            after={CHECKOUT: traces(own=300)},
        )
    )
    assert first(answer) == (CHECKOUT, CauseKind.CONFIGURATION, guilty.id)
    assert answer.causes[0].arguments["keys"] == "pool.size"


def test_the_outside_provider_is_named_and_no_change_blamed():
    answer = explain(
        case(
            {
                (PAYMENT, "client_latency_p95", PROVIDER): reading(20),
                (PAYMENT, "latency_p95"): reading(15),
                (CHECKOUT, "latency_p95"): reading(10),
                (CHECKOUT, "pool.wait_time"): reading(8, ONSET + 10 * S),
                (EDGE, "latency_p95"): reading(7),
            },
            changes=(change(PAYMENT, -8), change(EDGE, -2)),
            after={PAYMENT: traces(ms=900, peers={PROVIDER: (40, 0, 0)})},
        )
    )
    assert first(answer) == (PROVIDER, CauseKind.OUTSIDE, None)
    assert answer.causes[0].arguments == {"dependency": PROVIDER, "target": PAYMENT}


def test_an_expired_credential_is_no_trouble_of_the_provider():
    refused = NovelTemplate(
        entity=PAYMENT, template="t1", severity=17, new=True, n=20, expected=0.0,
        text="provider refused our credential with 401: authentication failed",
        onset_ns=ONSET, score=0.95,
    )  # fmt: skip
    answer = explain(
        case(
            {
                (PAYMENT, "client_error_ratio", PROVIDER): reading(20),
                (PAYMENT, "error_ratio"): reading(15),
                (EDGE, "error_ratio"): reading(7),
            },
            symptoms=((EDGE, "error_ratio"), (PAYMENT, "error_ratio")),
            changes=(change(PAYMENT, -9),),
            after={PAYMENT: traces(passed=90, peers={PROVIDER: (90, 90, 90)})},
            templates=[refused],
        )
    )
    assert first(answer) == (PAYMENT, CauseKind.CREDENTIAL, None)


def test_a_surge_is_load_on_the_entry_and_names_who_needs_capacity():
    answer = explain(
        case(
            {
                (EDGE, "requests"): reading(9),
                (CATALOG, "requests"): reading(9),
                (CATALOG, "workers.waiting"): reading(12),
                (CATALOG, "latency_p95"): reading(12),
                (CATALOG, "self_time_p95"): reading(12),
                (EDGE, "latency_p95"): reading(8),
            },
            changes=(change(CATALOG, -6),),
            after={
                CATALOG: traces(200, ms=900, own=880),
                EDGE: traces(200, peers={CATALOG: (1, 0, 0)}),
            },
        )
    )
    assert first(answer) == (EDGE, CauseKind.LOAD, None)
    assert answer.causes[0].arguments["target"] == CATALOG


def test_a_hung_process_is_unresponsive_though_a_deploy_came_before():
    answer = explain(
        case(
            {
                (CHECKOUT, "heartbeat"): reading(-10, ONSET + 5 * S),
                (EDGE, "client_latency_p95", CHECKOUT): reading(20),
                (EDGE, "latency_p95"): reading(9),
                (EDGE, "error_ratio"): reading(9),
                (EDGE, "pool.wait_time"): reading(9, ONSET + 8 * S),
            },
            changes=(change(CHECKOUT, -25), change(EDGE, -5)),
            after={CHECKOUT: traces(3), EDGE: traces(passed=20, peers={CHECKOUT: (30, 25, 25)})},
        )
    )
    assert first(answer) == (CHECKOUT, CauseKind.UNRESPONSIVE, None)


def test_a_leak_is_found_though_its_deploy_was_minutes_ago():
    guilty = change(CATALOG, -150)
    memory = reading(30, ONSET - 148 * S, gradual=True)
    answer = explain(
        case(
            {
                (CATALOG, "process.memory.usage"): memory,
                (CATALOG, "latency_p95"): reading(9),
                (CATALOG, "self_time_p95"): reading(9),
                (EDGE, "latency_p95"): reading(6),
            },
            changes=(guilty, change(EDGE, -4), change(CHECKOUT, -10)),
            after={CATALOG: traces(own=300)},
        )
    )
    assert first(answer) == (CATALOG, CauseKind.DEPLOYMENT, guilty.id)
    assert answer.causes[0].indicator == "process.memory.usage"


def test_a_job_that_holds_the_lock_is_blamed_for_the_database():
    answer = explain(
        case(
            {
                (JOB, "job.lock.held_time"): reading(20),
                (JOB, "job.duration"): reading(15),
                (ORDERS, "db.lock.wait_time"): reading(20),
                (ORDERS, "self_time_p95"): reading(18),
                (ORDERS, "latency_p95"): reading(18),
                (CHECKOUT, "latency_p95"): reading(10),
                (EDGE, "error_ratio"): reading(8),
            },
            symptoms=((ORDERS, "latency_p95"), (CHECKOUT, "latency_p95"), (EDGE, "error_ratio")),
            changes=(change(CHECKOUT, -6), change(ORDERS, -30)),
            after={ORDERS: traces(own=1500, failed=10)},
        )
    )
    assert first(answer) == (JOB, CauseKind.CONTENTION, None)


def test_a_bad_batch_is_the_cause_of_the_model_that_declines():
    batches = [
        change(FEATURES, at, ChangeKind.DATA_VERSION, version_to=f"batch-{at}", id=f"features@{at}")
        for at in (-27, -12, 3, 18)
    ]
    answer = explain(
        case(
            {
                (FEATURES, "dataset.mean{part=orders}"): reading(-20),
                (MODEL, "model.declined_ratio"): reading(20, ONSET + 5 * S),
                (MODEL, "model.score.mean"): reading(15, ONSET + 5 * S),
            },
            symptoms=((MODEL, "model.declined_ratio"),),
            changes=(*batches, change(FRAUD, -3)),
        )
    )
    entity, kind, id_ = first(answer)
    assert (entity, kind) == (FEATURES, CauseKind.DATA)
    assert id_ in {"features@3", "features@-12"}


def test_a_worse_model_is_a_change_of_the_model():
    guilty = change(MODEL, -3, ChangeKind.MODEL_VERSION, version_from="v1", version_to="v2")
    answer = explain(
        case(
            {
                (MODEL, "model.declined_ratio"): reading(20),
                (MODEL, "model.score.mean"): reading(15),
            },
            symptoms=((MODEL, "model.declined_ratio"),),
            changes=(guilty, change(FRAUD, -8)),
        )
    )
    assert first(answer) == (MODEL, CauseKind.MODEL, guilty.id)


def test_a_slow_consumer_and_not_the_queue_that_piles_up():
    answer = explain(
        case(
            {
                (OUTBOX, "queue.depth"): reading(15),
                (MAILER, "latency_p95"): reading(15),
                (MAILER, "self_time_p95"): reading(15),
            },
            symptoms=((MAILER, "latency_p95"),),
            changes=(change(CHECKOUT, -5),),
            after={MAILER: traces(own=1800)},
        )
    )
    assert first(answer) == (MAILER, CauseKind.CONSUMER, None)


def test_a_model_that_nobody_asks_is_silent_and_no_cause():
    answer = explain(
        case(
            {
                (EDGE, "disk.utilization"): reading(20),
                (EDGE, "error_ratio"): reading(20),
                (MODEL, "heartbeat"): reading(-10, ONSET + 10 * S),
            },
            symptoms=((EDGE, "error_ratio"),),
            after={EDGE: traces(failed=50)},
        )
    )
    assert first(answer) == (EDGE, CauseKind.STORAGE, None)
    assert MODEL not in {cause.entity for cause in answer.causes}


def test_our_own_actions_are_never_suspected():
    own = change(PAYMENT, -3, caused_by="run-1:act")
    answer = explain(case(SLOW_PAYMENT, changes=(own,), after={PAYMENT: traces(own=350)}))
    assert answer.causes[0].change is None
    assert "made by a recovery run" in {d.reason for d in answer.dismissed}


def test_nothing_known_gives_no_cause_and_no_percentage():
    answer = explain(case({}))
    assert answer.causes == ()
    assert answer.no_change_is_guilty is None


def test_a_label_moves_the_ranking():
    told = case(SLOW_PAYMENT, changes=(change(PAYMENT, -20),), after={PAYMENT: traces(own=350)})
    plain = explain(told)
    told.weights = {CauseKind.DEPLOYMENT: 0.2}
    moved = explain(told)

    def confidence(answer):
        return sum(c.confidence for c in answer.causes if c.kind is CauseKind.DEPLOYMENT)

    assert confidence(moved) < confidence(plain)


def test_what_was_acted_on_in_vain_is_no_longer_first():
    told = case(SLOW_PAYMENT, changes=(change(PAYMENT, -20),), after={PAYMENT: traces(own=350)})
    top = explain(told).causes[0]
    told.refuted = frozenset({top.name})
    moved = explain(told)
    assert first(moved) != (top.entity, top.kind, top.change)
    again = [c for c in moved.causes if c.name == top.name]
    assert all(c.parts["untried"] < 1 for c in again)


@given(st.permutations(list(SLOW_PAYMENT.items())))
def test_the_order_of_what_is_known_does_not_matter(items):
    changes = (change(EDGE, -3), change(PAYMENT, -4), change(CATALOG, -60))
    after = {PAYMENT: traces(ms=400, own=350)}
    one = explain(case(dict(items), changes=changes[::-1], after=after))
    other = explain(case(SLOW_PAYMENT, changes=changes, after=after))
    assert msgspec.to_builtins(one.causes) == msgspec.to_builtins(other.causes)


@pytest.mark.parametrize("answer", [explain(case(SLOW_PAYMENT, changes=(change(PAYMENT, -4),)))])
def test_every_cause_shows_parts_evidence_and_what_would_refute_it(answer):
    for cause in answer.causes:
        assert cause.parts and all(0 <= part <= 1 for part in cause.parts.values())
        assert cause.evidence and cause.falsified_by
        assert 0 <= cause.confidence <= 1
    assert NOW > ONSET


def test_one_early_stir_does_not_hand_the_guilt_to_an_earlier_change():
    decoy = change(EDGE, -27, ChangeKind.FLAG, details={"flag": "plain-segments", "on": True})
    guilty = change(
        EDGE, -3, ChangeKind.CONFIGURATION, details={"keys": {"pool.size": ["16", "1"]}}
    )
    answer = explain(
        case(
            {
                (EDGE, "self_time_p95"): reading(30, ONSET - 25 * S),
                (EDGE, "pool.wait_time"): reading(30),
                (EDGE, "pool.waiting"): reading(20),
                (EDGE, "workers.waiting"): reading(20, ONSET + 5 * S),
                (EDGE, "latency_p95"): reading(20),
            },
            changes=(decoy, guilty),
            after={EDGE: traces(own=5000)},
        )
    )
    assert first(answer) == (EDGE, CauseKind.CONFIGURATION, guilty.id)


def test_twice_the_requests_are_load_though_no_series_left_its_band():
    saturated = {
        (CATALOG, "workers.waiting"): reading(12),
        (CATALOG, "self_time_p95"): reading(12),
        (EDGE, "latency_p95"): reading(8),
        (EDGE, "pool.wait_time"): reading(8, ONSET + 8 * S),
    }
    more = {
        CATALOG: traces(700, ms=900, own=880),
        EDGE: traces(900, peers={CATALOG: (700, 0, 0)}),
    }
    story = case(saturated, changes=(change(CATALOG, -6),), after=more)
    story.before = {EDGE: traces(1350), CATALOG: traces(600, own=100)}
    story.before_s, story.after_s = 150.0, 50.0
    answer = explain(story)
    assert first(answer) == (EDGE, CauseKind.LOAD, None)
    assert answer.causes[0].arguments["target"] == CATALOG
    assert "18 requests/s, 9 before" in answer.causes[0].evidence[0].says


def test_the_front_door_that_fell_silent_with_all_its_readings_is_unresponsive():
    silent = {(EDGE, "heartbeat"): reading(-10), (CATALOG, "requests"): reading(-8)}
    story = case(silent, symptoms=((EDGE, "heartbeat"),), changes=(change(EDGE, -40),))
    story.readings = {k: v for k, v in story.readings.items() if k[:2] != (EDGE, "requests")}
    story.running = frozenset({EDGE})
    assert first(explain(story)) == (EDGE, CauseKind.UNRESPONSIVE, None)


def test_a_consumer_that_works_off_what_waited_is_no_load():
    """After its restart the mailer is busy with a backlog; the front door's trouble is its own."""
    guilty = change(EDGE, -4)
    answer = explain(
        case(
            {
                (MAILER, "requests"): reading(12),
                (EDGE, "self_time_p95"): reading(15),
                (EDGE, "latency_p95"): reading(12),
            },
            changes=(guilty,),
        )
    )
    assert first(answer) == (EDGE, CauseKind.DEPLOYMENT, guilty.id)
    assert MAILER not in {cause.entity for cause in answer.causes}


def test_who_fills_a_queue_does_not_consume_it_for_leaning_on_it():
    """A catalog says of both ends that they depend on the queue; spans say who writes."""
    leans = Relation(source=CHECKOUT, kind=RelationKind.DEPENDS_ON, target=OUTBOX)
    told = case(
        {
            (MAILER, "self_time_p95"): reading(15),
            (MAILER, "latency_p95"): reading(12),
            (OUTBOX, "queue.depth"): reading(15),
        },
        symptoms=((MAILER, "latency_p95"),),
    )
    told.relations = (*told.relations, leans)
    answer = explain(told)
    assert first(answer) == (MAILER, CauseKind.CONSUMER, None)
    assert {cause.entity for cause in answer.causes} == {MAILER}
