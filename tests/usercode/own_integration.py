"""An integration of one's own: bytes of a tool in, facts out. Checked by mypy, and run."""

from __future__ import annotations

import json

from opsweave.facts import Event
from opsweave.integrations.contract import Parsed, Payload
from opsweave.kernel.errors import RejectInput
from opsweave.testing.integration import check_body, payload


def parse(given: Payload) -> Parsed:
    """A lamp that tells when it was switched."""
    try:
        body = json.loads(given.body)
    except ValueError as error:
        raise RejectInput("no JSON", action="send a JSON object") from error
    if not isinstance(body, dict) or not isinstance(body.get("lamp"), str):
        raise RejectInput("names no lamp", field="lamp")
    return Parsed(events=[event(body["lamp"], given)])


def event(lamp: str, given: Payload) -> Event:
    """The fact."""
    return Event(
        id=f"{given.door}:{given.seq}",
        source=given.door,
        kind="lamp.switched",
        entity=f"host:home/-/{lamp}",
        at_ns=given.received_ns,
        recorded_ns=given.received_ns,
    )


def check() -> None:
    """Any body gives sound facts or a refusal."""
    for body in (b'{"lamp": "desk"}', b"{}", b"\xff", b'{"lamp": 7}'):
        check_body(parse, payload("webhook", "application/json", body))
