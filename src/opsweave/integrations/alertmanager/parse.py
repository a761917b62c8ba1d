"""Alertmanager's webhook and Prometheus' alerts to alert facts."""

from __future__ import annotations

from typing import Any

from opsweave.facts.alert import Alert, AlertStatus, Severity, episode_id, fingerprint_of
from opsweave.integrations.alertmanager.labels import (
    UNATTRIBUTED,
    entity_of,
    label_fingerprint,
    severity_of,
)
from opsweave.integrations.contract import Parsed, Payload, Wrong
from opsweave.integrations.documents import load_json
from opsweave.kernel.clock import from_iso
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

_INT64 = 1 << 63
_SOURCE = "alertmanager"
_SAYS = ("summary", "description", "message", "title")
_MAX_TEXT = 1000


def parse(payload: Payload) -> Parsed:
    """Every usable alert. Raises RejectInput when the body has none but should."""
    documents = _alerts(load_json(payload.body), payload.door)
    alerts: list[Alert] = []
    wrong = Wrong()
    for document in documents:
        try:
            alerts.append(_alert(document, payload))
        except RejectInput as error:
            wrong.add(error)
    if wrong.first is not None and not alerts:
        raise wrong.first
    return Parsed(alerts=alerts, rejected=wrong.rejected())


def _alerts(document: Any, door: str) -> list[Any]:
    """The webhook wraps its alerts in an object, the API takes the array itself."""
    found = document if door == "alerts" else None
    if door != "alerts" and isinstance(document, dict):
        found = document.get("alerts")
    if not isinstance(found, list):
        raise RejectInput(
            "no array of alerts",
            field="body" if door == "alerts" else "alerts",
            action="send what Prometheus or Alertmanager sends",
        )
    return found


def _alert(document: Any, payload: Payload) -> Alert:
    if not isinstance(document, dict):
        raise RejectInput("an alert is a JSON object", field="alerts")
    labels = _texts(document, "labels")
    if not labels:
        raise RejectInput("an alert without labels has no identity", field="labels")
    annotations = _texts(document, "annotations")
    own = document.get("fingerprint")
    fingerprint = fingerprint_of(
        payload.tenant,
        _SOURCE,
        own if isinstance(own, str) and own else label_fingerprint(labels),
    )
    now = payload.received_ns
    started = _time(document, "startsAt") or now
    ended = _ended(document, started, now)
    severity, entity = severity_of(labels), entity_of(labels)
    name = labels.get("alertname", "alert")
    return Alert(
        id=episode_id(fingerprint, started),
        tenant=payload.tenant,
        fingerprint=fingerprint,
        source=_SOURCE,
        entity=entity or str(EntityRef.of("service", "")),
        indicator=name,
        severity=severity,
        status=AlertStatus.FIRING if ended is None else AlertStatus.RESOLVED,
        symptom=severity is not Severity.INFO,
        says=next((annotations[key] for key in _SAYS if annotations.get(key)), name)[:_MAX_TEXT],
        started_ns=started,
        observed_ns=now,
        updated_ns=now if ended is None else ended,
        ended_ns=ended,
        labels=labels if entity else {**labels, UNATTRIBUTED: "true"},
    )


def _ended(document: dict[str, Any], started: int, now: int) -> int | None:
    """When it ended, None while it fires.

    A stated status decides; without one, an end that is still to come means that it fires (that
    is how Prometheus says "unless I say so again"). An end before the start ends at the start.
    """
    status, ends = document.get("status"), _time(document, "endsAt")
    if status == "firing" or (status != "resolved" and (not ends or ends > now)):
        return None
    return max(started, min(ends or now, now))


def _texts(document: dict[str, Any], name: str) -> dict[str, str]:
    found = document.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise RejectInput("an object of texts is needed", field=name)
    return {key: text for key, text in found.items() if text}


def _time(document: dict[str, Any], name: str) -> int:
    """0 for no time, which Go spells as the first of January of the year 1."""
    value = document.get(name)
    if value is None or value == "":
        return 0
    try:
        ns = from_iso(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise RejectInput("not an RFC 3339 time", field=name) from error
    if ns >= _INT64:
        raise RejectInput("a time after 2262", field=name)
    return max(0, ns)
