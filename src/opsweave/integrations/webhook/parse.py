"""Webhooks of any tool: kept as one event each, with what common field names say."""

from __future__ import annotations

from typing import Any

from opsweave.facts.event import Event
from opsweave.integrations.contract import Parsed, Payload
from opsweave.integrations.documents import load_json
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef, content_hash

_INT64 = 1 << 63
_KINDS = ("type", "event", "event_type", "eventType", "action", "kind")
_SAYS = ("message", "summary", "title", "text", "description", "says")
_TIMES = ("time", "timestamp", "created_at", "createdAt", "date")
_MAX_TEXT = 1000


def parse(payload: Payload) -> Parsed:
    """One event. Raises RejectInput when the body is no JSON; an array or a scalar is generic."""
    document = load_json(payload.body)
    generic = not isinstance(document, dict)
    fields: dict[str, Any] = {"value": document} if generic else document
    source = payload.door.partition(":")[2] or "webhook"
    event = Event(
        id=f"event-{content_hash(payload.door, payload.body, str(payload.received_ns))}",
        tenant=payload.tenant,
        source=source,
        kind=_text(fields, _KINDS) or "webhook",
        at_ns=_time(fields) or payload.received_ns,
        observed_ns=payload.received_ns,
        entity=_entity(fields),
        says=_text(fields, _SAYS) or f"a webhook of {source}",
        generic=generic,
        reason="not a JSON object" if generic else "",
        body=fields,
    )
    return Parsed(events=[event])


def _text(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value[:_MAX_TEXT]
    return ""


def _time(fields: dict[str, Any]) -> int:
    """A time that says which it is; numbers do not say their unit and are not guessed."""
    for name in _TIMES:
        value = fields.get(name)
        if isinstance(value, str):
            try:
                ns = from_iso(value)
            except (ValueError, OverflowError):
                continue
            if 0 < ns < _INT64:
                return ns
    return 0


def _entity(fields: dict[str, Any]) -> str:
    value = fields.get("entity")
    if isinstance(value, str):
        try:
            return str(EntityRef.parse(value))
        except RejectInput:
            return ""
    return ""
