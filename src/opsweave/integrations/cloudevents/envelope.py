"""CloudEvents 1.0 in JSON: one event or a batch, each checked on its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from opsweave.integrations.documents import load_json
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput

_INT64 = 1 << 63


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What every CloudEvent says. ``data`` is {} when it is no JSON object."""

    id: str
    source: str
    type: str
    subject: str
    at_ns: int
    data: dict[str, Any]
    whole: dict[str, Any]


def load(body: bytes) -> list[Any]:
    """The documents of a body. Raises RejectInput when it is neither an object nor an array."""
    document = load_json(body)
    if isinstance(document, dict):
        return [document]
    if isinstance(document, list):
        return document
    raise RejectInput("neither an event nor a batch", field="body", action="send a CloudEvent")


def envelope(document: Any, received_ns: int) -> Envelope:
    """Check one event. Raises RejectInput that names the attribute."""
    if not isinstance(document, dict):
        raise RejectInput("an event is a JSON object", field="body")
    text = {name: _required(document, name) for name in ("specversion", "id", "source", "type")}
    if not text["specversion"].startswith("1."):
        raise RejectInput("only CloudEvents 1.x is known", field="specversion")
    subject, data = document.get("subject"), document.get("data")
    return Envelope(
        id=text["id"],
        source=text["source"],
        type=text["type"],
        subject=subject if isinstance(subject, str) else "",
        at_ns=time_ns(document.get("time"), "time") or received_ns,
        data=data if isinstance(data, dict) else {},
        whole=document,
    )


def _required(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise RejectInput(
            "a CloudEvent needs this attribute as non-empty text",
            field=name,
            action="see the CloudEvents specification, required attributes",
        )
    return value


def time_ns(value: Any, field: str) -> int:
    """An RFC 3339 time, 0 when there is none. Raises RejectInput when it is no time."""
    if value is None or value == "":
        return 0
    try:
        ns = from_iso(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise RejectInput("not an RFC 3339 time", field=field) from error
    if not 0 < ns < _INT64:
        raise RejectInput("a time before 1970 or after 2262", field=field)
    return ns


def objects(*values: Any) -> Iterator[dict[str, Any]]:
    """Each value as an object, {} for what is none."""
    for value in values:
        yield value if isinstance(value, dict) else {}
