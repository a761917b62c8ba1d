"""What Prometheus and Alertmanager send."""

from __future__ import annotations

from typing import Any

import msgspec

ZERO_TIME = "0001-01-01T00:00:00Z"


def alert(
    *,
    name: str = "HighLatency",
    severity: str = "critical",
    starts: str = "2023-11-14T22:10:00.123456789Z",
    ends: str = ZERO_TIME,
    **more: str,
) -> dict[str, Any]:
    """One alert as Prometheus sends it."""
    labels = {
        "alertname": name, "severity": severity, "job": "cart", "namespace": "shop", "env": "demo",
    } | more  # fmt: skip
    return {
        "labels": labels,
        "annotations": {"summary": "cart answers slowly"},
        "startsAt": starts,
        "endsAt": ends,
        "generatorURL": "http://prometheus.example/graph",
    }


def webhook(*alerts: dict[str, Any], status: str = "firing") -> bytes:
    """A notification of Alertmanager, version 4."""
    return msgspec.json.encode(
        {
            "version": "4",
            "groupKey": '{}:{alertname="HighLatency"}',
            "status": status,
            "receiver": "opsweave",
            "groupLabels": {},
            "commonLabels": {},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example",
            "alerts": [{"status": status} | one for one in alerts or (alert(),)],
        }
    )


def posted(*alerts: dict[str, Any]) -> bytes:
    """The body of ``POST /api/v2/alerts``."""
    return msgspec.json.encode(list(alerts) or [alert()])


def samples() -> list[tuple[str, str, bytes]]:
    """(door, content type, body) of what this integration reads."""
    return [
        ("alertmanager", "application/json", webhook()),
        ("alerts", "application/json", posted()),
    ]
