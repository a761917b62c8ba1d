"""Seasonality: a robust profile over one period, and whether it predicts better than the level.

Per slot of the period an exponentially weighted mean and spread of the values less a slow offset;
what is learned is clipped at three scales. The deviation is smoothed over a few values, as a
profile is wrong by a little almost always and by much for long when something is wrong. It counts
only while its typical error is smaller than that of the slow level (a causal choice per series).
"""

from __future__ import annotations

import math

import numpy as np

from opsweave.analysis.detection.shelf._jit import Record, inline

DAY_SLOTS, WEEK_SLOTS = 48, 168


def state(slots: int) -> np.dtype[np.void]:
    """Layout of a profile with so many slots."""
    fields = [
        ("offset", "f8"),
        ("spread", "f8"),
        ("n", "f8"),
        ("smooth", "f8"),
        ("error", "f8"),
        ("rival", "f8"),
        ("sum", "f8"),
        ("distance", "f8"),
        ("count", "f8"),
        ("slot", "i8"),
        ("profile", "f4", (slots,)),
        ("scale", "f4", (slots,)),
        ("visits", "f4", (slots,)),
    ]
    return np.dtype(fields, align=True)


STATE = state(DAY_SLOTS)
LEARN = 0.15
"""Least weight of the newest period in a slot: half is forgotten after four periods."""
SMOOTH = 6.0
AFTER = 2.0
"""Visits of a slot before it predicts."""
WARM = 50.0
CLIP = 3.0


@inline
def expect(s: Record, phase: float) -> tuple[float, float]:
    """(profile at the phase in [0, 1), spread there); NaN where it is not known yet."""
    slots = s.profile.size
    at = phase * slots
    k = min(int(at), slots - 1)
    if s.visits[k] < AFTER:
        return np.nan, 0.0
    side = at - k - 0.5
    other = (k + 1) % slots if side >= 0 else (k - 1) % slots
    here = float(s.profile[k])
    if s.visits[other] >= AFTER:
        here += abs(side) * (float(s.profile[other]) - here)
    return here, float(s.scale[k])


@inline
def better(s: Record) -> bool:
    """True while the profile predicts this series better than its slow level."""
    return bool(s.n >= WARM and s.error < 0.95 * s.rival)


@inline
def speaks(s: Record) -> bool:
    """True where the profile predicts better and the scatter of the present slot is known, too."""
    return better(s) and s.scale[s.slot] > 0.0


@inline
def step(
    s: Record, x: float, phase: float, level: float, a_offset: float, least: float
) -> tuple[float, float, float, float]:
    """Judge and learn ``x``: (smoothed deviation, expected, scale, profile).

    ``level`` is the rival's expectation. Expected is NaN until the slot was visited twice.
    """
    profile, spread = expect(s, phase)
    known = not math.isnan(profile)
    z, expected, scale, kept, distance = 0.0, np.nan, 0.0, x, 0.0
    if known:
        expected = profile + s.offset
        r = x - expected
        scale = max(0.5 * spread + 0.5 * s.spread, least, 1e-9 + 1e-3 * abs(level))
        clipped = min(max(r, -CLIP * scale), CLIP * scale)
        s.offset += a_offset * clipped
        s.n += 1.0
        distance = abs(clipped)
        s.spread += max(0.002, 1.0 / s.n) * (distance - s.spread)
        s.smooth += (min(max(r / scale, -20.0), 20.0) - s.smooth) / SMOOTH
        _compare(s, abs(r), abs(x - level))
        z = s.smooth if s.n > WARM else 0.0
        kept = expected + clipped
    _learn(s, kept - s.offset, distance, min(int(phase * s.profile.size), s.profile.size - 1))
    return z, expected, scale, profile


@inline
def clear(s: Record) -> None:
    """As new."""
    s.offset = s.spread = s.n = s.smooth = s.error = s.rival = 0.0
    s.sum = s.distance = s.count = 0.0
    s.slot = 0
    for k in range(s.visits.size):
        s.profile[k] = s.scale[k] = s.visits[k] = 0.0


@inline
def _compare(s: Record, own: float, rival: float) -> None:
    weight = max(1.0 / s.n, 0.0007)
    if s.n > 20:
        own, rival = min(own, 5.0 * s.error + 1e-9), min(rival, 5.0 * s.rival + 1e-9)
    s.error += weight * (own - s.error)
    s.rival += weight * (rival - s.rival)


@inline
def _learn(s: Record, x: float, distance: float, slot: int) -> None:
    """Add to the running slot; a slot that was left becomes profile."""
    if slot != s.slot:
        if s.count > 0:
            k = s.slot
            s.visits[k] += 1
            weight = max(LEARN, 1.0 / s.visits[k])
            if s.visits[k] > AFTER:
                again = max(LEARN, 1.0 / (s.visits[k] - AFTER))
                s.scale[k] += again * (s.distance / s.count - s.scale[k])
            s.profile[k] += weight * (s.sum / s.count - s.profile[k])
        s.slot, s.sum, s.distance, s.count = slot, 0.0, 0.0, 0.0
    s.sum += x
    s.distance += distance
    s.count += 1.0
