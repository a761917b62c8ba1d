"""Payloads that could not be used: why, how they begin, and another try after a fix."""

from __future__ import annotations

from typing import Any

from opsweave.pages import (
    Action,
    Cell,
    Column,
    Crumb,
    Facet,
    FacetValue,
    Health,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    State,
    Table,
)
from opsweave.record.ledger.port import Outcome
from opsweave.server.api_record import with_payload
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.words import ms

ROWS = 25
QUERY_S = 10.0
_WRONG = f"outcome IN ('{Outcome.REFUSED.value}', '{Outcome.GENERIC.value}')"
_UNUSED = f"""
SELECT seq, door, outcome, reason, recorded_ns FROM applied
WHERE {_WRONG} AND seq < ? AND (? = '' OR door = ?) AND contains(lower(reason), ?)
ORDER BY seq DESC
"""
_BY_DOOR = f"SELECT door, count(*) AS n FROM applied WHERE {_WRONG} GROUP BY door ORDER BY n DESC"
_LAST = (1 << 63) - 1
_LONGEST = 19


def spec(sources: Sources) -> PageSpec:
    """``record/unparsed``: payloads may hold what not everybody should read."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(
        pattern="record/unparsed", title="Not understood", needs="admin", hidden=True, make=make
    )


def page(sources: Sources, query: PageQuery) -> Page:
    """Parameter ``door``; the table searches reasons."""
    return Page(
        path=query.path,
        title="Not understood",
        lead="Payloads that were kept because no parser could use them.",
        crumbs=(Crumb(title="Record", to="record"),),
        actions=(
            Action(
                id="replay-all",
                title="Replay all",
                path="ledger/replay",
                confirm="Parse every payload again that could not be used?",
            ),
        ),
        sections=(Section(id="list", widgets=(_table(sources, query),)),),
        timed=False,
    )


def _table(sources: Sources, query: PageQuery) -> Table:
    asked, door = query.table("unparsed"), query.get("door")
    before = int(asked.after) if asked.after.isdecimal() and len(asked.after) < _LONGEST else _LAST
    found = sources.telemetry.query(
        _UNUSED, [before, door, door, asked.q.lower()], limit=ROWS + 1, timeout_s=QUERY_S
    )
    names = list(found)
    items = [dict(zip(names, row, strict=True)) for row in zip(*found.values(), strict=True)]
    shown = [with_payload(sources.ledger, item) for item in items[:ROWS]]
    by_door = sources.telemetry.query(_BY_DOOR, timeout_s=QUERY_S)
    counts = dict(zip(by_door.get("door", ()), by_door.get("n", ()), strict=True))
    total = sum(counts.values())
    return Table(
        id="unparsed",
        says="Newest first; how each begins, with secrets masked." if shown else "",
        columns=(
            Column(key="seq", title="Number", shows="number"),
            Column(key="at", title="Arrived", shows="time"),
            Column(key="door", title="Door"),
            Column(key="outcome", title="Became", shows="health"),
            Column(key="reason", title="Because"),
            Column(key="begins", title="Begins", shows="code", hide_on_phone=True),
        ),
        rows=tuple(_row(item) for item in shown),
        total=None if asked.q or door else total,
        next=str(items[ROWS - 1]["seq"]) if len(items) > ROWS else "",
        q=asked.q,
        q_hint="part of a reason",
        facets=(
            Facet(
                param="door",
                title="Door",
                values=tuple(
                    FacetValue(value=name, title=name, n=int(n), chosen=name == door)
                    for name, n in counts.items()
                ),
            ),
        ),
        actions=(Action(id="replay", title="Replay", path="ledger/replay", key="p"),),
        bulk=("replay",),
        proof=Proof(says="payloads whose outcome is generic or refused", n=total),
        topics=("record",),
        state=State.OK if shown else State.EMPTY,
        missing="" if shown else _missing(total),
        remedy="" if shown else _remedy(total),
        remedy_to="" if shown else "record/unparsed" if total else "record",
    )


def _missing(total: int) -> str:
    if total:
        return f"None of {total} fits."
    return "Every payload that arrived could be used."


def _remedy(total: int) -> str:
    if total:
        return "Take the search and the door away."
    return "Nothing is to be done; see what arrives."


def _row(item: dict[str, Any]) -> Row:
    seq = str(item["seq"])
    return Row(
        id=seq,
        actions=("replay",),
        cells={
            "seq": Cell(value=item["seq"]),
            "at": Cell(value=ms(item["recorded_ns"])),
            "door": Cell(value=item["door"]),
            "outcome": Cell(value=item["outcome"], health=Health.WARNING),
            "reason": Cell(value=item["reason"]),
            "begins": Cell(
                value=item.get("preview"),
                hint=f"{item['content_type']}, {item['bytes']} bytes"
                if "bytes" in item
                else "no longer in the ledger",
            ),
        },
    )
