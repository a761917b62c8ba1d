"""Webhooks of a made-up ticket system."""

from __future__ import annotations

import msgspec


def body(**more: str) -> bytes:
    """One webhook."""
    return msgspec.json.encode(
        {"event": "ticket.created", "title": "Cart is slow", "time": "2023-11-14T22:13:20Z"} | more
    )


def samples() -> list[tuple[str, str, bytes]]:
    """(door, content type, body) of what this integration reads."""
    return [("webhook", "application/json", body())]
