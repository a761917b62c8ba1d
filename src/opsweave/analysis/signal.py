"""The shapes that detection, correlation and causality exchange. Pure data."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class SeriesKey(NamedTuple):
    """One signal: ``indicator`` of ``entity``, towards ``peer`` for signals of an edge.

    >>> str(SeriesKey("service:p/s/cart", "client_latency_p95", "service:p/s/db"))
    'service:p/s/cart|client_latency_p95|service:p/s/db'
    """

    entity: str
    indicator: str
    peer: str = ""

    def __str__(self) -> str:
        return "|".join(self) if self.peer else f"{self.entity}|{self.indicator}"


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """All signals of one bucket that ends at ``at_ns``. A key without data is absent, never 0.

    ``counts`` says from how many records a value was derived (its evidence and its weight).
    """

    at_ns: int
    width_ns: int
    values: dict[SeriesKey, float]
    counts: dict[SeriesKey, int]
    lows: dict[SeriesKey, float] = {}
    """Cautious estimate of a value that few records support (a p95 of 10 requests); judged instead
    of the value when it rises. Absent: the value itself."""
    units: dict[str, str] = {}
    """UCUM unit by indicator, where the source states one."""


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """A series has left, or has come back to, what was expected of it.

    ``since_ns`` is the onset (start of the first bucket outside the band), ``score`` in [0, 1] is
    calibrated over series, ``strength`` is the distance from the band in scales (robust sigmas),
    ``direction`` is +1 above or -1 below. ``active`` False says that the episode ended.
    """

    key: SeriesKey
    at_ns: int
    since_ns: int
    seen: float
    expected: float
    low: float
    high: float
    score: float
    strength: float
    direction: int
    active: bool = True
    reason: str = ""
    n: int = 0
