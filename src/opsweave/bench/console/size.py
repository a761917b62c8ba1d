"""How large the made-up company is."""

from __future__ import annotations

import msgspec


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """By default what the console must show at once in a second."""

    name: str = "usual"
    services: int = 200
    incidents: int = 50
    live: int = 12
    """Incidents that are not over; the first has ``in_first`` alerts."""
    open_alerts: int = 500
    in_first: int = 60
    """Alerts of the first incident, counted in ``open_alerts``."""
    days: int = 30
    step_s: int = 300
    """Between two points of a metric."""
    metrics: int = 4
    span_minutes: int = 120
    span_step_s: int = 5
    """Between two requests to one service, in the newest minutes."""
    deployments_a_day: int = 20
    seed: int = 4


USUAL = Size()
BIG = Size(name="big", incidents=5_000, live=60, open_alerts=11_000, in_first=10_000)
"""Ten thousand alerts in one incident, five thousand incidents."""
SMALL = Size(
    name="small",
    services=12,
    incidents=9,
    live=3,
    open_alerts=30,
    in_first=12,
    days=1,
    step_s=1_800,
    metrics=2,
    span_minutes=10,
    span_step_s=20,
    deployments_a_day=6,
)
"""For tests."""
