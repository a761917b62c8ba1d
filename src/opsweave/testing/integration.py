"""The contract that every integration room keeps, for ours and for yours."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import msgspec

from opsweave.integrations import discover
from opsweave.integrations.contract import Parsed, Parser, Payload
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef
from opsweave.record.telemetry.schema import TABLES, Batch

RECEIVED_NS = 1_700_000_100_000_000_000
_INT64 = 1 << 63
_PYTHON: dict[str, type[Any]] = {
    "int64": int,
    "int16": int,
    "string": str,
    "bool": bool,
    "float64": float,
}


def payload(door: str, content_type: str, body: bytes) -> Payload:
    """A body as a door hands it to a parser."""
    return Payload(door=door, content_type=content_type, body=body, received_ns=RECEIVED_NS, seq=-1)


def samples(room: str) -> list[tuple[str, str, bytes]]:
    """The realistic bodies of a room's ``mock.py``."""
    mock = discover.module(room, "mock")
    offers = getattr(mock, "samples", None)
    found: list[tuple[str, str, bytes]] = offers() if offers is not None else []
    return found


def check_room(room: str) -> None:
    """Manifest, samples for every door, facts from every sample, the same ones each time."""
    manifest = discover.manifests()[room]
    assert manifest.name, f"{room}: give it a name"
    assert manifest.says.endswith("."), f"{room}: say what it is"
    own = samples(room)
    assert {door for door, _, _ in own} == set(manifest.doors), f"{room}: a sample per door"
    for door, content_type, body in own:
        parser = discover.parsers()[door]
        first = parser(payload(door, content_type, body))
        assert first.rejected.n == 0, first.rejected
        assert _size(first), f"{room}: nothing came of the sample for {door}"
        check_parsed(first)
        second = parser(payload(door, content_type, body))
        assert msgspec.to_builtins(first) == msgspec.to_builtins(second), "not deterministic"


def check_body(parser: Parser, given: Payload) -> Parsed | None:
    """Any body gives sound facts or RejectInput (then None), never another error."""
    try:
        parsed = parser(given)
    except RejectInput:
        return None
    check_parsed(parsed)
    return parsed


def check_parsed(parsed: Parsed) -> None:
    """Facts that every store can take."""
    check_batch(parsed.batch)
    for change in parsed.changes:
        EntityRef.parse(change.entity)
        _check_identity(change.id, change.source, change.at_ns)
    for alert in parsed.alerts:
        EntityRef.parse(alert.entity)
        _check_identity(alert.id, alert.fingerprint, alert.started_ns)
        assert (alert.ended_ns is None) == (alert.status == "firing")
    for event in parsed.events:
        _check_identity(event.id, event.kind, event.at_ns)
    for relation in parsed.relations:
        EntityRef.parse(relation.source)
        EntityRef.parse(relation.target)
    for fact in (*parsed.changes, *parsed.alerts, *parsed.events, *parsed.relations):
        msgspec.json.decode(msgspec.json.encode(fact), type=type(fact))


def _check_identity(id_: str, source: str, at_ns: int) -> None:
    assert id_, "a fact without id"
    assert source, "a fact that does not say from where"
    assert 0 < at_ns < _INT64, "a time that no store can take"


def check_batch(batch: Batch) -> None:
    """All columns of the schema, of equal length, of the schema's types and ranges."""
    for table, columns in batch.tables.items():
        assert list(columns) == list(TABLES[table]), f"{table}: columns"
        assert len({len(column) for column in columns.values()}) == 1, f"{table}: lengths differ"
        for name, type_ in TABLES[table].items():
            _check_column(f"{table}.{name}", type_, columns[name])
        for text in columns.get("attributes", ()):
            assert text == json.dumps(
                json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ) or _has_number(text), text


def _check_column(name: str, type_: str, column: Sequence[Any]) -> None:
    if type_.startswith("list<"):
        inner = type_[5:-1]
        for row in column:
            assert all(type(value) is _PYTHON[inner] for value in row), (name, row)
        return
    values: Sequence[Any] = column
    for value in values:
        assert type(value) is _PYTHON[type_], (name, value)
        if type_ == "int64":
            assert 0 <= value < _INT64, (name, value)
        elif type_ == "int16":
            assert -(1 << 15) <= value < 1 << 15, (name, value)
        elif type_ == "string":
            value.encode()


def _has_number(text: str) -> bool:
    """Numbers may be spelled in more than one way."""
    return any(isinstance(value, float) and math.isfinite(value) for value in _leaves(text))


def _leaves(text: str) -> list[Any]:
    stack, out = [json.loads(text)], []
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        else:
            out.append(node)
    return out


def _size(parsed: Parsed) -> int:
    rows = sum(parsed.batch.rows(table) for table in parsed.batch.tables)
    return rows + len(parsed.changes) + len(parsed.alerts) + len(parsed.events)
