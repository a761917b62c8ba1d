"""From the id of an evidence back to the records it stands for, or the word that they expired."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from opsweave.facts import Alert, Change, Fact, Incident
from opsweave.kernel.clock import SECOND, iso
from opsweave.kernel.errors import RejectInput
from opsweave.record.state import StateStore
from opsweave.record.telemetry import TelemetryReader
from opsweave.server.mask import covered, masked

MOST = 200
MOST_TEXT = 4_000
"""Characters that are shown of one text of a record."""
BEFORE_NS, AFTER_NS = 30 * SECOND, 60 * SECOND
_STATE: dict[str, type[Fact]] = {
    "alert": Alert,
    "change": Change,
    "deployments": Change,
    "incident": Incident,
}
_TRACED = re.compile(r"(client_)?(requests|error_ratio|latency_p\d+)|self_time_p\d+")
_WRAPPED = re.compile(r"^(?:rate|mean)\((.*)\)$")
_ID = re.compile(r"^(\w+):(state|telemetry):(.+)@([^@]+)$")


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """``status`` is ``found``, ``expired`` (retention took the records), or ``none``."""

    id: str
    status: str
    says: str
    table: str = ""
    records: list[dict[str, Any]] = []
    truncated: bool = False


class _Rows(NamedTuple):
    table: str
    where: str
    parameters: list[object]
    since_ns: int
    until_ns: int


class EvidenceResolver:
    """Reads the state store and telemetry; changes nothing."""

    def __init__(self, state: StateStore, telemetry: TelemetryReader) -> None:
        self._state, self._telemetry = state, telemetry

    def resolve(self, id_: str) -> Resolved:
        """RejectInput when the text is no evidence id."""
        match = _ID.match(id_)
        if match is None:
            raise RejectInput(
                f"{id_[:80]!r} is no evidence id",
                field="id",
                action="take one from an incident's causes: kind:store:key@version",
            )
        kind, store, key, version = match.groups()
        if store == "state":
            return self._fact(id_, kind, key)
        return self._records(id_, _rows(kind, key, version))

    def _fact(self, id_: str, kind: str, key: str) -> Resolved:
        type_ = _STATE.get(kind)
        if type_ is None:
            raise RejectInput(f"no evidence of kind {kind!r} is kept in the state", field="id")
        fact = self._state.get(type_, key)
        if fact is None:
            return Resolved(id=id_, status="none", says=f"no {kind} {key} is kept")
        body: dict[str, Any] = covered(msgspec.to_builtins(fact))
        return Resolved(id=id_, status="found", says="1 fact", table=kind, records=[body])

    def _records(self, id_: str, rows: _Rows) -> Resolved:
        # Table and condition are our own constants; values are bound.
        found = self._telemetry.query(
            f"SELECT * FROM {rows.table} WHERE ts >= ? AND ts < ? AND {rows.where}"
            f" ORDER BY ts LIMIT {MOST + 1}",
            [rows.since_ns, rows.until_ns, *rows.parameters],
        )
        names = list(found)
        records = [
            {name: _shown(value) for name, value in zip(names, values, strict=True)}
            for values in zip(*found.values(), strict=True)
        ]
        span = f"{iso(rows.since_ns)} to {iso(rows.until_ns)}"
        if records:
            return Resolved(
                id=id_,
                status="found",
                says=f"{min(len(records), MOST)} of {rows.table}, {span}",
                table=rows.table,
                records=records[:MOST],
                truncated=len(records) > MOST,
            )
        oldest = self._telemetry.query(f"SELECT min(ts) AS ts FROM {rows.table}")["ts"]
        if oldest and oldest[0] is not None and rows.until_ns <= oldest[0]:
            says = f"expired: {rows.table} are kept since {iso(int(oldest[0]))}"
            return Resolved(id=id_, status="expired", says=says, table=rows.table)
        return Resolved(id=id_, status="none", says=f"no {rows.table}, {span}", table=rows.table)


def _rows(kind: str, key: str, version: str) -> _Rows:
    """Where the records of a telemetry evidence lie."""
    entity, _, rest = key.partition("|")
    indicator, _, peer = rest.partition("|")
    if kind in ("traces", "spans"):
        first, _, last = version.partition("-")
        return _Rows("spans", "entity = ?", [entity], _ns(first), _ns(last))
    at = _ns(version)
    since, until = at - BEFORE_NS, at + AFTER_NS
    if kind == "logs" or indicator in ("logs", "error_logs") or indicator.startswith("log_"):
        return _Rows("logs", "entity = ?", [entity], since, until)
    if kind != "signal":
        raise RejectInput(f"no evidence of kind {kind!r} is kept in telemetry", field="id")
    if peer:
        return _Rows("spans", "entity = ? AND peer = ?", [entity, peer], since, until)
    if _TRACED.fullmatch(indicator):
        entries = "entity = ? AND kind IN ('server', 'consumer')"
        return _Rows("spans", entries, [entity], since, until)
    if indicator in ("heartbeat", "instances", "restarts"):
        return _Rows("points", "entity = ?", [entity], since, until)
    wrapped = _WRAPPED.match(indicator)
    metric = (wrapped.group(1) if wrapped else indicator).partition("{")[0]
    return _Rows("points", "entity = ? AND metric = ?", [entity, metric], since, until)


def _ns(text: str) -> int:
    if not text.isdecimal() or len(text) > 19:
        raise RejectInput(f"{text[:40]!r} is no time in nanoseconds", field="id")
    return min(int(text), (1 << 63) - 1 - AFTER_NS)


def _shown(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    more = len(value) - MOST_TEXT
    return masked(value[:MOST_TEXT]) + (f"... ({more} more characters)" if more > 0 else "")
