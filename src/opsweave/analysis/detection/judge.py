"""How far the newest bucket lies outside what is expected, in scales, for all series at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from opsweave.analysis.detection.config import DetectorConfig
from opsweave.analysis.detection.indicators import RATIO_RISE, Kind
from opsweave.analysis.detection.table import Bools, Floats, Ints, Table

_LEAST_NOISE = 0.02
"""Error ratios below this are taken as noisy as this: 1 bad of 8 is no finding."""
_CAP = 100.0
_LASTING = (4, 6, 9)
_ALIKE = 1.25
_LEAST_SHARE = 0.05
_RECORDS = 10


class Band(NamedTuple):
    """Expected value and limits per row, in the unit of the series."""

    expected: Floats
    low: Floats
    high: Floats


class Verdicts(NamedTuple):
    """Per row: signed distance in scales, and whether it counts as outside the band."""

    strength: Floats
    outside: Bools


def known(table: Table, config: DetectorConfig) -> Bools:
    """Rows with a learned baseline."""
    return np.isfinite(table.number("level"))


def band_of(table: Table, config: DetectorConfig) -> Band:
    """Limits as reports show them; NaN without a baseline."""
    level, spread = table.number("level"), table.number("spread")
    offset, logs = table.number("absolute"), table.log_rows()
    reach = config.band * spread
    with np.errstate(over="ignore", invalid="ignore"):
        middle = np.where(logs, np.exp(level) - offset, level)
        low = np.where(logs, np.exp(level - reach) - offset, level - reach)
        high = np.where(logs, np.exp(level + reach) - offset, level + reach)
    ratio = table.kind[: table.size] == Kind.RATIO
    base = _base_ratio(table)
    middle, low = np.where(ratio, base, middle), np.where(ratio, 0.0, low)
    high = np.where(ratio, base + RATIO_RISE, high)
    positive = logs | ratio
    return Band(middle, np.where(positive, np.maximum(low, 0.0), low), high)


def judge(table: Table, config: DetectorConfig, surprised: Ints) -> Verdicts:
    """Strengths and breaches of the newest column. A series without a baseline is never outside.

    ``surprised`` rows (+1, -1) lie at the edge of the band at least: a small shift that lasts.
    """
    size, column = table.size, table.column
    value = table.values[:size, column]
    cautious = table.lows[:size, column]
    level, spread, offset = (table.number(n) for n in ("level", "spread", "absolute"))
    logs = table.log_rows()
    with np.errstate(invalid="ignore", divide="ignore"):
        rise = (np.where(logs, np.log(np.maximum(cautious, 0) + offset), cautious) - level) / spread
        fall = (np.where(logs, np.log(np.maximum(value, 0) + offset), value) - level) / spread
        strength = np.where(fall < 0, fall, np.maximum(rise, 0.0))
        least = np.where(np.sign(strength) == surprised, np.abs(strength), 0.0)
        least = surprised * np.maximum(least, config.band)
        strength = np.where(surprised != 0, least, strength)
        strength = _poisson(table, strength, value)
        strength = _ratios(table, strength, value)
        strength, sustained = _shares(table, config, strength)
    strength = np.where(
        table.kind[:size] == Kind.PRESENCE, np.where(value < 0.5, -10.0, 0), strength
    )
    strength = np.clip(strength, -_CAP, _CAP)
    strength = np.where(np.isfinite(value) & known(table, config), strength, np.nan)
    held = np.where(strength > 0, cautious, value)
    held = np.where(np.isfinite(sustained), sustained, held)
    return Verdicts(strength, _outside(table, config, strength, held))


def _outside(table: Table, config: DetectorConfig, strength: Floats, value: Floats) -> Bools:
    """Statistically far, in the direction that hurts, and large enough to matter."""
    size = table.size
    direction = table.direction[:size]
    with np.errstate(invalid="ignore"):
        hurts = (direction == 0) | (np.sign(strength) == direction)
        far = np.abs(strength) >= config.band
    expected = band_of(table, config).expected
    factor, rise = table.number("factor"), table.number("rise")
    with np.errstate(invalid="ignore"):
        large = np.abs(value - expected) >= rise
        ratio = np.where(strength > 0, value, expected) >= factor * np.where(
            strength > 0, expected, value
        )
    return np.asarray(hurts & far & large & (ratio | ~table.log_rows()), np.bool_)


def _poisson(table: Table, strength: Floats, value: Floats) -> Floats:
    """A rate must also be far from what counting noise alone would give (Anscombe)."""
    rates = table.kind[: table.size] == Kind.RATE
    width = table.width_ns / 1e9
    expected = np.exp(table.number("level")) - table.number("absolute")
    noise = 2.0 * (
        np.sqrt(np.maximum(value, 0) * width + 0.375)
        - np.sqrt(np.maximum(expected, 0) * width + 0.375)
    )
    least = np.sign(strength) * np.minimum(np.abs(strength), np.abs(noise))
    return np.where(rates, least, strength)


def _shares(table: Table, config: DetectorConfig, strength: Floats) -> tuple[Floats, Floats]:
    """Shares that users feel come without a count, noisy and skewed: a small shift that lasts is
    seen in the mean of several buckets against the mean of those learned from (Welch's test, with
    some more for what neighbouring buckets have in common). Also returns the mean, else NaN."""
    size = table.size
    best, seen = strength.copy(), np.full(size, np.nan)
    felt = [r for r, s in enumerate(table.specs[:size]) if s.kind is Kind.SHARE and s.symptom]
    columns = table.columns(config.lag, config.lag + config.window - 1)
    for row in felt:
        past = table.values[row, columns][table.learn[row, columns]]
        if len(past) < config.min_history:
            continue
        usual = float(past.mean())
        spread = max(float(past.std()), _binomial(usual))
        recent = table.values[row, table.columns(0, _LASTING[-1] - 1)]
        # One bucket of two records, one of them bad, is no shift.
        recent = np.minimum(recent, usual + 3.0 * spread)
        newest = recent[-_LASTING[0] :].mean()
        best[row] = (table.values[row, table.column] - usual) / spread
        for buckets in _LASTING:
            mean = recent[-buckets:].mean()
            # What is over must not linger: the newest buckets must have their part in it.
            if not np.isfinite(mean) or newest - usual < 0.5 * (mean - usual):
                continue
            noise = _ALIKE * spread * (1.0 / buckets + 1.0 / len(past)) ** 0.5
            if (mean - usual) / noise > np.nan_to_num(best[row], nan=-np.inf):
                best[row], seen[row] = (mean - usual) / noise, mean
    return best, seen


def _binomial(share: float) -> float:
    """Spread of a share whose source does not say of how many, taken as of ten records."""
    p = min(max(share, _LEAST_SHARE), 1.0 - _LEAST_SHARE)
    return float((p * (1.0 - p) / _RECORDS) ** 0.5)


def _base_ratio(table: Table) -> Floats:
    """Learned share of bad records, with a weak prior of none."""
    return (table.number("hits") + 0.2) / (table.number("trials") + 20.0)


def pooled(table: Table, buckets: int) -> tuple[Floats, Floats, Floats]:
    """Over the last ``buckets``: (strength, number of bad, rise above the base) of every ratio."""
    columns = table.columns(0, buckets - 1)
    size = table.size
    counts = table.counts[:size][:, columns]
    bad = np.nansum(table.values[:size][:, columns] * counts, axis=1)
    n = np.where(np.isfinite(table.values[:size][:, columns]), counts, 0.0).sum(axis=1)
    base = _base_ratio(table)
    noise = np.maximum(base, _LEAST_NOISE)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = bad / n
        own = np.sqrt(noise * (1.0 - noise) / n)
        spread = np.where(table.number("level") > 0, table.number("spread"), 0.0)
        strength = (share - base) / np.hypot(own, spread)
    return strength, bad, share - base


def _ratios(table: Table, strength: Floats, value: Floats) -> Floats:
    """Ratios are judged on the best of the last one, two and three buckets together, but only
    while the newest bucket itself has something bad: what is over must not linger."""
    ratios = table.kind[: table.size] == Kind.RATIO
    best = np.fmax.reduce([pooled(table, n)[0] for n in (1, 2, 3)])
    return np.where(ratios, np.where(value > _base_ratio(table), best, 0.0), strength)
