"""Sample numbers that look like life and are the same each time."""

from __future__ import annotations

import math

MINUTE = 60_000.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def noise(at: int, salt: int = 0) -> float:
    """Between -1 and 1; the same for the same arguments."""
    turned = math.sin(at * 12.9898 + salt * 78.233) * 43758.5453
    return 2 * (turned - math.floor(turned)) - 1


def wave(n: int, middle: float, swing: float, rough: float, salt: int = 0) -> list[float]:
    """``n`` values around ``middle``: two humps and a roughness."""
    return [
        middle + swing * math.sin(4 * math.pi * i / n + salt) + rough * noise(i, salt)
        for i in range(n)
    ]


def burst(values: list[float], at: int, height: float) -> list[float]:
    """The same with a step at ``at`` that climbs to ``height`` and stays there."""
    return [
        value + height * (1 - math.exp((at - i) / 3)) if i >= at else value
        for i, value in enumerate(values)
    ]
