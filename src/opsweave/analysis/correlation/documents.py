"""Alerts as tools write them, one JSON object each, to items: nothing of a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from opsweave.analysis.correlation.item import Item, stem
from opsweave.analysis.correlation.names import Names
from opsweave.analysis.correlation.times import seconds_of
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import content_hash

ID = ("id", "alert_id", "alertId", "event_id", "eventId", "uid", "uuid")
FINGERPRINT = ("fingerprint", "dedup_key", "dedupKey", "alias", "correlation_key")
ENTITY = (
    "entity", "resource", "service", "component", "host", "hostname", "node", "device",
    "device_id", "instance", "object", "target", "ci",
)  # fmt: skip
LABELLED = (
    "opsweave_entity", "entity", "service", "service_name", "app", "job", "deployment",
    "statefulset", "daemonset", "pod", "container", "instance", "host", "hostname", "node",
    "device", "cluster", "namespace",
)  # fmt: skip
TYPE = ("type", "indicator", "alertname", "rule", "check", "name", "alarm_type", "title", "metric")
STARTS = (
    "starts_at", "startsAt", "started_at", "start", "start_time", "startTime", "start_timestamp",
    "fired_at", "opened_at", "created_at", "createdAt", "timestamp", "time", "ts",
)  # fmt: skip
ENDS = (
    "ends_at", "endsAt", "ended_at", "end", "end_time", "endTime", "end_timestamp", "resolved_at",
    "closed_at", "cleared_at",
)  # fmt: skip
TEXT = ("text", "summary", "message", "description", "says", "body", "details")
SEVERITY = ("severity", "priority", "level", "urgency")
STATUS = ("status", "state")
OVER = ("resolved", "ok", "closed", "cleared", "inactive", "normal", "expired")
_KNOWN = frozenset(
    (*ID, *FINGERPRINT, *ENTITY, *TYPE, *STARTS, *ENDS, *TEXT, *SEVERITY, *STATUS)
) | {"labels", "annotations"}  # fmt: skip
_NOT_MARKS = frozenset({"alertname", "severity", "priority"})
_NUMBERS = re.compile(r"(?<![A-Za-z0-9_])\d+(\.\d+)?(?![A-Za-z0-9_])")
MOST_MARKS, LONGEST_MARK = 24, 200


def item_of(document: Any, names: Names) -> Item:
    """One line as an item. Raises RejectInput naming the field.

    >>> line = {
    ...     "id": 7,
    ...     "service": "cart",
    ...     "title": "p95 over 300 ms",
    ...     "time": 1700000000,
    ...     "az": "b",
    ... }
    >>> found = item_of(line, Names())
    >>> found.id, found.entity, found.type, found.marks
    ('7', 'cart', 'p95 over # ms', ('az=b', '~=cart'))
    """
    if not isinstance(document, dict):
        raise RejectInput("an alert is a JSON object", field="line")
    labels, notes = _texts(document, "labels"), _texts(document, "annotations")
    given = _first(document, FINGERPRINT)
    if labels and not given and "startsAt" in document:
        given = content_hash(*(part for pair in sorted(labels.items()) for part in pair))
    entity = _entity(document, labels, names)
    text = " ".join(filter(None, [*(_first(one, TEXT) for one in (document, notes))]))
    type_ = _type(document, labels, text)
    start_s = _time(document, STARTS)
    if start_s is None:
        raise RejectInput("no time", field=STARTS[0], action="say when the alert began")
    end_s = _time(document, ENDS)
    if _first(document, STATUS).lower() == "firing" or (end_s is not None and end_s < start_s):
        end_s = None
    key = given or f"{entity}|{type_}"
    return Item(
        id=_first(document, ID) or _episode(given, key, start_s),
        entity=entity,
        type=type_,
        start_s=start_s,
        end_s=end_s,
        key=key,
        marks=_marks(document, labels, entity),
        mentions=tuple(m for m in names.mentioned(text) if m != entity),
        severity=_first(document, SEVERITY) or _first(labels, SEVERITY),
    )


def joined(one: Item, other: Item) -> Item:
    """Two lines of one alert: from its first beginning to its last end."""
    early, late = (one, other) if one.start_s <= other.start_s else (other, one)
    ends = [item.end_s for item in (one, other) if item.end_s is not None]
    return msgspec.structs.replace(
        early,
        end_s=max(ends, default=None),
        marks=tuple(dict.fromkeys((*early.marks, *late.marks)))[:MOST_MARKS],
        mentions=tuple(dict.fromkeys((*early.mentions, *late.mentions))),
        severity=late.severity or early.severity,
    )


def unwrapped(document: Any) -> list[Any]:
    """The alerts of a line: of a list, of a notification that holds ``alerts``, or itself."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("alerts"), list):
        return list(document["alerts"])
    return [document]


def _episode(fingerprint: str, key: str, start_s: float) -> str:
    """Without an id of its own: the alert and its beginning."""
    return content_hash(fingerprint or key, f"{start_s:.3f}", length=16)


def _entity(document: Mapping[str, Any], labels: Mapping[str, str], names: Names) -> str:
    """Of what it names as its entity, the first that the graph knows; else the first."""
    own = [(name, document) for name in ENTITY] + [(name, labels) for name in LABELLED]
    said = [text for name, holder in own if (text := _text(holder.get(name)))]
    found = (names.find(text) or names.find(_bare(text)) for text in said)
    known = next((entity for entity in found if entity), "")
    return known or (said[0] if said else "")


def _bare(text: str) -> str:
    """Without a port."""
    return text.rpartition(":")[0] if text.count(":") == 1 else text


def _type(document: Mapping[str, Any], labels: Mapping[str, str], text: str) -> str:
    """Without numbers, which are of one episode; a type that is but a number stays."""
    said = labels.get("alertname") or _first(document, TYPE) or text[:LONGEST_MARK]
    return said if said.isdigit() else _NUMBERS.sub("#", said).strip() or "alert"


def _marks(document: Mapping[str, Any], labels: Mapping[str, str], entity: str) -> tuple[str, ...]:
    """Labels and fields that are not known; numbers are measurements and connect nothing."""
    rest = {k: v for k, v in document.items() if k not in _KNOWN and isinstance(v, str)}
    pairs = [(k, v) for k, v in (*labels.items(), *rest.items()) if k not in _NOT_MARKS]
    found = [f"{k}={v}" for k, v in sorted(pairs) if 0 < len(v) <= LONGEST_MARK and v != entity]
    return tuple(found[: MOST_MARKS - 1] + ([f"~={stem(entity)}"] if entity else []))


def _first(holder: Mapping[str, Any], fields: Iterable[str]) -> str:
    return next((text for name in fields if (text := _text(holder.get(name)))), "")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _time(document: Mapping[str, Any], fields: Iterable[str]) -> float | None:
    for name in fields:
        try:
            found = seconds_of(document.get(name))
        except (ValueError, OverflowError) as error:
            raise RejectInput("not a time", field=name) from error
        if found is not None:
            return found
    return None


def _texts(document: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object of scalars; one level of it."""
    found = document.get(name)
    if isinstance(found, list):  # Tags as name:value.
        pairs = (str(one).partition(":") for one in found if isinstance(one, str))
        return {key: value for key, colon, value in pairs if colon}
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise RejectInput("an object is needed", field=name)
    return {key: text for key, value in found.items() if (text := _text(value))}
