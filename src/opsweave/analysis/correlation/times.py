"""Times as tools write them: ISO 8601, or a number of seconds, milliseconds, microseconds or
nanoseconds since the epoch, told apart by their size."""

from __future__ import annotations

from typing import Any

from opsweave.kernel.clock import SECOND, from_iso

_LATEST_S = 1e11
"""The year 5138: a larger number counts something smaller than seconds."""
_STEPS = 3
_FIRST_YEAR = "0001-01-01T00:00:00"
"""How Go spells no time."""


def seconds_of(value: Any) -> float | None:
    """Seconds since the epoch; None for no time. Raises ValueError for what is none.

    >>> seconds_of("2023-11-14T22:13:20Z"), seconds_of(1_700_000_000_000), seconds_of("1700000000")
    (1700000000.0, 1700000000.0, 1700000000.0)
    >>> seconds_of("0001-01-01T00:00:00Z") is seconds_of("") is None
    True
    """
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(_FIRST_YEAR):
            return None
        try:
            return _scaled(float(text))
        except ValueError:
            return from_iso(text) / SECOND
    if isinstance(value, int | float):
        return _scaled(float(value))
    raise ValueError("no time")


def _scaled(number: float) -> float:
    if not abs(number) < float("inf"):
        raise ValueError("no time")
    for _ in range(_STEPS):
        if abs(number) < _LATEST_S:
            break
        number /= 1000.0
    return number
