"""What is written down of a measurement in the browser."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from opsweave.bench.console.size import Size

Kind = Literal["page", "list", "action"]
LIMITS: dict[Kind, float] = {"page": 1_000.0, "list": 300.0, "action": 500.0}
OVERVIEW_MS = 1_500.0
WEIGHT_KB, SMOOTH = 300.0, 55.0
"""Of script and style, compressed; frames a second that the eye takes for sixty."""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of one thing; ``first_ms`` is what the first of ``n`` times took."""

    kind: Kind
    name: str
    first_ms: float
    median_ms: float
    most_ms: float
    n: int
    limit_ms: float

    @property
    def kept(self) -> bool:
        """Whether the usual time is within the limit."""
        return self.median_ms < self.limit_ms


class Smooth(msgspec.Struct, frozen=True, kw_only=True):
    """Frames of a page while news arrive."""

    name: str
    seconds: float
    per_second: float
    p95_ms: float
    worst_ms: float
    """Longest time between two frames."""
    news: int
    """Parts of the page that were fetched anew meanwhile."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One run over one size."""

    at: str
    machine: dict[str, Any]
    load: tuple[float, float]
    """Of the last minute, before and after."""
    browser: str
    size: Size
    timed: list[Timed]
    smooth: list[Smooth]
    overview_kb: float
    """Script and style as transferred for the overview."""
    whole_kb: float
    """For all pages."""
    elsewhere: list[str]
    """Requests to other hosts."""


def timed(kind: Kind, name: str, took: Sequence[float], limit: float | None = None) -> Timed:
    """``took`` in the order of the tries.

    >>> timed("list", "all", [90.0, 30.0, 50.0]).median_ms
    50.0
    """
    return Timed(
        kind=kind,
        name=name,
        first_ms=round(took[0], 1),
        median_ms=round(statistics.median(took), 1),
        most_ms=round(max(took), 1),
        n=len(took),
        limit_ms=limit or LIMITS[kind],
    )
