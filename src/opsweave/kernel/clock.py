"""Time is injected: nothing in Opsweave's rooms reads the wall clock except through a Clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

SECOND = 1_000_000_000
MILLISECOND = 1_000_000


class Clock(Protocol):
    """Source of now, in nanoseconds since the Unix epoch (UTC)."""

    def now_ns(self) -> int: ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        return time.time_ns()


class ManualClock:
    """A clock that tests and replays move by hand."""

    def __init__(self, now_ns: int = 1_700_000_000 * SECOND) -> None:
        self._now = now_ns

    def now_ns(self) -> int:
        return self._now

    def advance(self, seconds: float) -> int:
        self._now += int(seconds * SECOND)
        return self._now


def iso(ns: int | None) -> str | None:
    """ISO 8601 UTC with milliseconds, ``None`` for ``None``.

    >>> iso(1_700_000_000_123_000_000)
    '2023-11-14T22:13:20.123Z'
    """
    if ns is None:
        return None
    seconds, rest = divmod(ns, SECOND)
    stamp = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{rest // MILLISECOND:03d}Z"


def from_iso(text: str) -> int:
    """Nanoseconds since the epoch of an ISO 8601 time; one without an offset is taken as UTC.

    Raises ``ValueError`` when the text is no such time.

    >>> from_iso("2023-11-14T22:13:20.123Z")
    1700000000123000000
    """
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    whole = int(when.replace(microsecond=0).timestamp())
    return whole * SECOND + when.microsecond * 1_000
