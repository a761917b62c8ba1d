"""Filters asked of a real store: each term keeps the rows it should, whatever its text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsweave.kernel.clock import MILLISECOND
from opsweave.kernel.errors import RejectInput
from opsweave.server.explore.frame import in_time, span
from opsweave.server.explore.language import parse
from opsweave.server.explore.where import LOGS, SPANS, where, words_in

BEGIN_MS = 1_700_000_100_000.0
SPAN_ROWS: list[dict[str, Any]] = [
    {
        "span_id": "a",
        "entity": "service:prod/shop/cart",
        "name": "GET /cart",
        "duration_ns": 150 * MILLISECOND,
        "error": False,
        "status": "200",
        "attributes": '{"http.route":"/cart","size":"12"}',
    },
    {
        "span_id": "b",
        "entity": "service:prod/shop/pay_100%",
        "name": "POST /pay",
        "duration_ns": 900 * MILLISECOND,
        "error": True,
        "status": "503",
    },
    {"span_id": "c", "entity": "database:prod/shop/cart-db", "name": "SELECT", "duration_ns": 1},
]


def kept(filled: Any, q: str, scope: str = "") -> str:
    held = where(parse(q), SPANS, words_in("name"), scope)
    held = in_time(held, span(BEGIN_MS, BEGIN_MS + 60_000))
    sql = f"SELECT span_id FROM spans WHERE {held.sql} ORDER BY span_id"
    return "".join(filled.store.query(sql, held.parameters)["span_id"])


@pytest.fixture
def spans(filled: Any) -> Any:
    begin = int(BEGIN_MS * MILLISECOND)
    filled.add("spans", [{"ts": begin + i, **row} for i, row in enumerate(SPAN_ROWS)])
    return filled


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("", "abc"),
        ("entity:cart", "a"),
        ("entity:CART", "a"),
        ("entity:cart*", "ac"),
        ("entity:service:*", "ab"),
        ("entity:pay_100%", "b"),
        ("entity:pay%", ""),
        ("entity:cart,cart-db", "ac"),
        ("-entity:cart", "bc"),
        ("duration>200ms", "b"),
        ("duration<=0.15s", "ac"),
        ("error:true", "b"),
        ("-error:true", "ac"),
        ("status:5*", "b"),
        ("pay", "b"),
        ("-pay", "ac"),
        ("http.route:/cart", "a"),
        ("-http.route:/cart", "bc"),
        ("size>10", "a"),
        ("size>12", ""),
        ("entity:cart error:true", ""),
    ],
)
def test_each_term_keeps_its_rows(spans: Any, q: str, wanted: str) -> None:
    assert kept(spans, q) == wanted


def test_the_scope_is_a_part_of_the_entity(spans: Any) -> None:
    assert kept(spans, "", "database:") == "c"
    assert kept(spans, "", "PROD/shop/c") == "ac"


@pytest.mark.parametrize("q", ["error:maybe", "error>1", "entity>3", "duration:fast"])
def test_what_says_nothing_is_refused(spans: Any, q: str) -> None:
    with pytest.raises(RejectInput) as refused:
        kept(spans, q)
    assert refused.value.action


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(alphabet="ab:'\"%_\\*;-,>.$() ", max_size=24))
def test_no_text_breaks_out_of_its_place(spans: Any, text: str) -> None:
    try:
        kept(spans, text)
    except RejectInput:
        return


@pytest.mark.parametrize(
    ("q", "wanted"),
    [("severity:error", [18]), ("severity>=warn", [13, 18]), ("severity<warn", [9])],
)
def test_levels(filled: Any, q: str, wanted: list[int]) -> None:
    rows = [{"ts": int(BEGIN_MS * MILLISECOND), "severity": one} for one in (9, 13, 18)]
    filled.add("logs", rows)
    held = where(parse(q), LOGS, words_in("body"))
    sql = f"SELECT severity FROM logs WHERE {held.sql} ORDER BY severity"
    assert filled.store.query(sql, held.parameters)["severity"] == wanted
