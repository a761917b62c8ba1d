"""Calls to whoever writes no spans are visits to it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from opsweave.analysis.causality.clues.spans import opinion
from opsweave.analysis.causality.clues.spans_peers import with_peers
from opsweave.analysis.causality.dossier import Dossier, Spans

SECOND = 1_000_000_000
ONSET = 100


def spans(*rows):
    """Rows of (second, ms, trace, span, parent, entity, operation, status, attributes)."""
    at, took, *texts = zip(*rows, strict=True)
    names = ("trace_id", "span_id", "parent_id", "entity", "operation", "status")
    return Spans(
        times_ns=np.array([int(s * SECOND) for s in at], np.int64),
        duration_us=np.array([int(ms * 1000) for ms in took], np.int64),
        **dict(zip(names, map(list, texts), strict=False)),
        attributes=[json.dumps(a) if a else "" for a in texts[-1]],
    )


def request(second, *, pay_ms=40.0, failed=False, answered=False, code=200, key="peer.service"):
    """One checkout that calls ``bank``, who answers with a span of its own or not at all."""
    t, status = f"t{second}", "ERROR" if failed else "OK"
    called = {key: "bank", "http.response.status_code": code}
    rows = [
        (second, pay_ms + 10, t, "a", "", "shop", "POST /buy", status, {}),
        (second, pay_ms, t, "b", "a", "shop", "POST /charge", status, called),
    ]
    if answered:
        rows.append((second, pay_ms - 1, t, "c", "b", "bank", "POST /charge", status, {}))
    return rows


def dossier(*requests, nodes=("shop", "bank")):
    rows = [row for rows in requests for row in rows]
    return Dossier(
        start_ns=0, end_ns=200 * SECOND, onset_ns=ONSET * SECOND, spans=spans(*rows),
        nodes=dict.fromkeys(nodes, "service"),
    )  # fmt: skip


def added(case):
    return list(with_peers(case).entity[len(case.spans) :])


def first(case):
    return max(opinion(case, {}).suspects, key=lambda s: s.nats)


def test_a_provider_that_is_never_traced_is_seen_through_its_callers():
    slow = [request(s, pay_ms=40.0 if s < ONSET else 900.0) for s in range(60, 140)]
    case = dossier(*slow)
    assert added(case) == ["bank"] * 80
    assert first(case).entity == "bank"
    assert "POST /charge" in first(case).says


def test_a_callee_that_fell_silent_is_visited_still():
    calls = [
        request(s, pay_ms=40.0 if s < ONSET else 1000.0, failed=s >= ONSET, answered=s < ONSET)
        for s in range(60, 140)
    ]
    case = dossier(*calls)
    assert 15 < len(added(case)) < 40, "from when its silence is longer than usual"
    assert first(case).entity == "bank"


def test_a_callee_that_answers_others_was_not_reached_and_is_not_blamed():
    calls = [request(s, answered=s % 2 == 0) for s in range(60, 140)]
    assert added(dossier(*calls)) == []


@pytest.mark.parametrize(("code", "guilty"), [(503, "bank"), (401, "shop")])
def test_whose_fault_an_answer_is_says_its_code(code, guilty):
    calls = [request(s, failed=s >= ONSET, code=200 if s < ONSET else code) for s in range(60, 140)]
    assert first(dossier(*calls)).entity == guilty


def test_an_address_counts_within_a_visit_only():
    call = {"server.address": "bank.shop.svc:443"}
    head = (1, 9, "t", "a", "", "shop", "GET /", "OK", {"server.address": "bank"})
    step = (1, 5, "t", "b", "a", "shop", "GET /rate", "OK", call)
    assert added(dossier([head])) == []
    assert added(dossier([head, step])) == ["bank"]


def test_whoever_nobody_knows_stays_out():
    assert added(dossier(request(1), nodes=("shop",))) == []


def test_a_name_that_is_the_end_of_a_longer_one_is_known():
    assert added(dossier(request(1), nodes=("shop", "service:demo/eu/bank"))) == [
        "service:demo/eu/bank"
    ]


def test_spans_without_attributes_are_left_as_they_are():
    case = dossier([(1, 9, "t", "a", "", "shop", "GET /", "OK", {})])
    assert with_peers(case) is case.spans
