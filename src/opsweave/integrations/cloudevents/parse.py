"""CloudEvents to changes, alerts and events."""

from __future__ import annotations

from typing import Any

from opsweave.facts.event import Event
from opsweave.integrations.cloudevents.cdevents import PREFIX, alert_of, change_of
from opsweave.integrations.cloudevents.envelope import Envelope, envelope, load
from opsweave.integrations.contract import Parsed, Payload, Wrong
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef, content_hash


def parse(payload: Payload) -> Parsed:
    """Facts of every usable event. Raises RejectInput when there is none in a body of some."""
    documents = load(payload.body)
    parsed = Parsed(changes=[], alerts=[], events=[])
    wrong = Wrong()
    for document in documents:
        try:
            _add(parsed, document, payload)
        except RejectInput as error:
            wrong.add(error)
    if wrong.first is not None and wrong.n == len(documents):
        raise wrong.first
    parsed.rejected = wrong.rejected()
    return parsed


def _add(parsed: Parsed, document: Any, payload: Payload) -> None:
    event = envelope(document, payload.received_ns)
    if event.type.startswith(PREFIX):
        change = change_of(event, tenant=payload.tenant, received_ns=payload.received_ns)
        if change is not None:
            parsed.changes.append(change)
            return
        alert = alert_of(event, tenant=payload.tenant, received_ns=payload.received_ns)
        if alert is not None:
            parsed.alerts.append(alert)
            return
    parsed.events.append(_event(event, payload))


def _event(event: Envelope, payload: Payload) -> Event:
    """Identity of a CloudEvent is its source and id together."""
    return Event(
        id=f"event-{content_hash('cloudevents', event.source, event.id)}",
        tenant=payload.tenant,
        source=event.source,
        kind=event.type,
        at_ns=event.at_ns,
        observed_ns=payload.received_ns,
        entity=_entity(event.subject),
        says=event.subject or event.type,
        body=event.whole,
    )


def _entity(subject: str) -> str:
    try:
        return str(EntityRef.parse(subject))
    except RejectInput:
        return ""
