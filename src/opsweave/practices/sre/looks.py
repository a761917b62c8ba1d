"""How budgets look: healths, shares and windows in words."""

from __future__ import annotations

from opsweave.facts import Slo
from opsweave.pages import Health

LITTLE = 0.25
FAST = 6.0
"""A burn rate at which somebody is called (Site Reliability Workbook, chapter 5)."""
_UNITS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


def left(remaining: float | None) -> Health:
    """Of what is left of a budget; None is no data and never good."""
    if remaining is None:
        return Health.UNKNOWN
    if remaining <= 0:
        return Health.BAD
    return Health.WARNING if remaining < LITTLE else Health.GOOD


def burning(rate: float | None) -> Health:
    """Of a burn rate; at 1 the budget is spent exactly in its window."""
    if rate is None:
        return Health.UNKNOWN
    if rate > FAST:
        return Health.BAD
    return Health.WARNING if rate > 1 else Health.GOOD


def share(good: int | None, total: int | None) -> float | None:
    """Good of all; None without any.

    >>> share(99, 100), share(None, None)
    (0.99, None)
    """
    return good / total if good is not None and total else None


def window(slo: Slo) -> str:
    """Its window in words.

    >>> window(Slo(id="s", name="s", entity="service:a/b/c", window_s=5400))
    '1.5 hours'
    """
    size, unit = next(((s, u) for s, u in _UNITS if slo.window_s >= s), _UNITS[-1])
    return f"{slo.window_s / size:g} {unit}"
