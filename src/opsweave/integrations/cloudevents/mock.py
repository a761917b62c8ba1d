"""Realistic CloudEvents and CDEvents."""

from __future__ import annotations

from typing import Any

import msgspec


def cdevent(
    predicate: str = "service.deployed",
    *,
    id_: str = "271069a8-fc18-44f1-b38f-9d70a1695819",
    subject: str = "cart",
    content: dict[str, Any] | None = None,
    custom: dict[str, Any] | None = None,
    time: str = "2023-11-14T22:13:20Z",
) -> dict[str, Any]:
    """A structured CloudEvent that carries a CDEvent."""
    source, type_ = "/deployer/demo", f"dev.cdevents.{predicate}.0.2.0"
    data: dict[str, Any] = {
        "context": {
            "version": "0.4.1", "id": id_, "source": source, "type": type_, "timestamp": time,
        },
        "subject": {
            "id": subject,
            "source": source,
            "content": content
            or {
                "environment": {"id": "demo"},
                "artifactId": "pkg:oci/cart@1.4.3?repository_url=registry.example/shop",
            },
        },
    }  # fmt: skip
    if custom is not None:
        data["customData"] = {"opsweave": custom}
    return {
        "specversion": "1.0", "id": id_, "source": source, "type": type_, "time": time,
        "datacontenttype": "application/json", "data": data,
    }  # fmt: skip


def body(*events: dict[str, Any]) -> bytes:
    """One event as it is, several as a batch."""
    return msgspec.json.encode(events[0] if len(events) == 1 else list(events))


def samples() -> list[tuple[str, str, bytes]]:
    """(door, content type, body) of what this integration reads."""
    return [
        ("events", "application/cloudevents+json", body(cdevent())),
        (
            "events",
            "application/cloudevents-batch+json",
            body(cdevent("change.merged", subject="4f1c2e"), cdevent("testcaserun.started")),
        ),
    ]
