"""Each door with what came through it, and each sender with what it sent."""

from __future__ import annotations

from typing import Any

from opsweave.pages import Cell, Column, Health, PageQuery, Proof, Row, State, Table
from opsweave.pages.links import with_query
from opsweave.record.ledger.port import Outcome
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.words import ms
from opsweave.server.console.senders import Sent
from opsweave.server.doors.discover import all_doors

QUERY_S = 5.0
_DOORS = """
SELECT door, outcome, count(*) AS n, sum(rows) AS rows, sum(rejected_rows) AS rejected,
max(recorded_ns) AS last FROM applied WHERE recorded_ns >= ? AND recorded_ns < ?
GROUP BY door, outcome
"""
_WRONG = (Outcome.GENERIC.value, Outcome.REFUSED.value)


def doors(sources: Sources, query: PageQuery) -> Table:
    """Those with failures first, those through which nothing came last."""
    found = _came(sources, query)
    silent = [door for door in all_doors() if not any(_of(name, door.id) for name in found)]
    order = sorted(found, key=lambda name: (-_wrong(found[name]), -found[name]["payloads"], name))
    rows = [_row(name, found[name]) for name in order]
    rows += [_silent(door.id, door.path) for door in silent]
    return Table(
        id="doors",
        title="Doors",
        says="Payloads of the chosen time; what could not be used is kept, and can be replayed.",
        columns=(
            Column(key="door", title="Door"),
            Column(key="payloads", title="Payloads", shows="number"),
            Column(key="rows", title="Rows", shows="number"),
            Column(key="wrong", title="Not used", shows="number"),
            Column(key="rejected", title="Rows left out", shows="number", hide_on_phone=True),
            Column(key="last", title="Last", shows="time"),
        ),
        rows=tuple(rows),
        total=len(rows),
        proof=Proof(
            says="payloads applied in this time", n=sum(one["payloads"] for one in found.values())
        ),
        topics=("record",),
    )


def _came(sources: Sources, query: PageQuery) -> dict[str, dict[str, Any]]:
    columns = sources.telemetry.query(_DOORS, [query.since_ns, query.until_ns], timeout_s=QUERY_S)
    found: dict[str, dict[str, Any]] = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        known = found.setdefault(
            row["door"], {"payloads": 0, "rows": 0, "rejected": 0, "last": 0, "wrong": 0}
        )
        known["payloads"] += int(row["n"])
        known["rows"] += int(row["rows"] or 0)
        known["rejected"] += int(row["rejected"] or 0)
        known["last"] = max(known["last"], int(row["last"] or 0))
        known["wrong"] += int(row["n"]) if row["outcome"] in _WRONG else 0
    return found


def _of(name: str, door: str) -> bool:
    """``webhook:ci`` came through ``webhook``."""
    return name.partition(":")[0] == door


def _wrong(one: dict[str, Any]) -> int:
    return int(one["wrong"] + one["rejected"])


def _row(name: str, one: dict[str, Any]) -> Row:
    bad = Health.WARNING if one["wrong"] else None
    return Row(
        id=name,
        health=bad or Health.GOOD,
        cells={
            "door": Cell(value=name),
            "payloads": Cell(value=one["payloads"]),
            "rows": Cell(value=one["rows"]),
            "wrong": Cell(
                value=one["wrong"],
                health=bad,
                to=with_query("record/unparsed", door=name) if one["wrong"] else "",
            ),
            "rejected": Cell(value=one["rejected"]),
            "last": Cell(value=ms(one["last"])),
        },
    )


def _silent(door: str, path: str) -> Row:
    hint = f"nothing came through {path.replace(':str', '')} in this time"
    return Row(id=door, cells={"door": Cell(value=door, hint=hint), "payloads": Cell(hint=hint)})


def senders(sources: Sources, query: PageQuery) -> Table:
    """Since the server started; a token that was revoked is named by its id. As in the settings,
    who has a token is shown to nobody but admins: others see one row a door."""
    named = query.may("admin")
    sent = sources.senders.all() if named else sources.senders.by_door()
    names = {token.id: token.name or token.id for token in sources.tokens.tokens()}
    who = (Column(key="who", title="Token"),) if named else ()
    return Table(
        id="senders",
        title="Senders",
        says="Since the server started." if sent else "",
        columns=(
            *who,
            Column(key="door", title="Door"),
            Column(key="payloads", title="Payloads", shows="number"),
            Column(key="rows", title="Rows", shows="number"),
            Column(key="bytes", title="Size", shows="bytes", hide_on_phone=True),
            Column(key="last", title="Last", shows="time"),
        ),
        rows=tuple(_sender(one, names if named else None) for one in sent),
        total=len(sent),
        topics=("record",),
        state=State.OK if sent else State.EMPTY,
        missing="" if sent else "Nobody has sent anything since the server started.",
        remedy="" if sent else "Make a token with the scope ingest, and send with it.",
        remedy_to="" if sent else "settings",
    )


def _sender(one: Sent, names: dict[str, str] | None) -> Row:
    who = {}
    if names is not None:
        who["who"] = Cell(value=names.get(one.token, one.token or "several"), hint=one.token)
    return Row(
        id=one.door if names is None else f"{one.token}|{one.door}",
        cells={
            **who,
            "door": Cell(value=one.door),
            "payloads": Cell(value=one.payloads),
            "rows": Cell(value=one.rows),
            "bytes": Cell(value=one.bytes),
            "last": Cell(value=ms(one.last_ns)),
        },
    )
