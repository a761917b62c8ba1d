"""How far series left what they used to do: tail probabilities that mean the same on any series.

Reference and incident are cut into blocks of one length, and each block is told by its mean, its
highest and its lowest sample. What the incident's blocks average to is measured against how the
reference's blocks scatter: so a mean of three samples is held against means of three, a maximum
over five minutes against maxima over five minutes, and what drifts slowly against its own drift.
(Blocks keep the dependence between neighbours: Kuensch 1989, "The jackknife and the bootstrap for
general stationary observations". The scale that honours the far quantiles: see `_scale`.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LEAST_SAMPLES = 3
_BLOCKS = 12
"""The reference is cut into at least so many blocks, where it has as many samples."""
_HEAVIEST, _LIGHTEST = 1.0, 4.0
"""Degrees of freedom of the tail: Cauchy for a handful of blocks, never lighter than t4."""


class Shifts(NamedTuple):
    """One row per series; nan where it could not be judged."""

    surprise: Floats
    """-log of the tail probability, nats, >= 0."""
    sign: Floats
    """+1 it rose, -1 it fell, by the statistic that surprised most."""
    usual: Floats
    """Median of the reference's blocks."""
    now: Floats
    """Mean of the incident."""
    scales: Floats
    """Distance of that statistic in scales, signed."""
    scale: Floats
    """How far the reference's block means scatter; 0 for a series that never moved."""
    freedom: Floats
    """Of the t distribution it was judged by."""


class Floors(NamedTuple):
    """No scale is smaller than this share of the level, nor than this much. [series] each."""

    relative: Floats
    absolute: Floats


def shifts(values: Floats, offsets: Ints, usual: Bools, faulty: Bools, floors: Floors) -> Shifts:
    """Judge series laid end to end: series ``i`` is ``values[offsets[i]:offsets[i + 1]]``, in time
    order; ``usual`` and ``faulty`` [samples] say where a sample belongs. A series that never
    moved has no scale: that it moved at all is then the surprise, the greater the longer it stood.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(5, 1, (2, 60))
    >>> x[1, 50:] += 9
    >>> when = np.tile(np.arange(60), 2)
    >>> floors = Floors(np.full(2, 0.02), np.zeros(2))
    >>> found = shifts(x.ravel(), np.array([0, 60, 120]), when < 50, when >= 50, floors)
    >>> bool(found.surprise[0] < 4 < found.surprise[1]), float(found.sign[1])
    (True, 1.0)
    """
    count = len(offsets) - 1
    out = Shifts(*(np.full(count, np.nan) for _ in range(7)))
    finite = np.isfinite(values)
    before, n = _packed(values, offsets, usual & finite)
    after, k = _packed(values, offsets, faulty & finite)
    length = np.clip(np.minimum(k, n // _BLOCKS), 1, None)
    good = (n >= LEAST_SAMPLES) & (k >= 1)
    for size in np.unique(length[good]):
        rows = np.flatnonzero(good & (length == size))
        most_n, most_k = int(n[rows].max()), int(k[rows].max())
        found = _judge(
            before[rows, :most_n],
            after[rows, :most_k],
            int(size),
            Floors(*(f[rows] for f in floors)),
        )
        for whole, part in zip(out, found, strict=True):
            whole[rows] = part
    return out


def counted(mask: Bools, offsets: Ints) -> Ints:
    """[series]: how many samples of each are masked."""
    lengths = np.diff(offsets)
    found = np.zeros(len(lengths), np.int64)
    if len(lengths) and lengths[0] and np.all(lengths == lengths[0]):
        found[:] = np.count_nonzero(mask.reshape(len(lengths), -1), axis=1)
        return found
    some = np.flatnonzero(lengths)
    if len(some):
        found[some] = np.add.reduceat(mask, offsets[some], dtype=np.int64)
    return found


def _packed(values: Floats, offsets: Ints, mask: Bools) -> tuple[Floats, Ints]:
    """[series, most samples]: the masked samples of each, to the left, nan behind; and how many."""
    counts = counted(mask, offsets)
    lengths = np.diff(offsets)
    if len(lengths) and lengths[0] and np.all(lengths == lengths[0]):
        rows = mask.reshape(len(lengths), -1)
        if np.array_equal(rows, np.broadcast_to(rows[0], rows.shape)):
            return values.reshape(rows.shape)[:, rows[0]], counts
    table = np.full((len(counts), max(int(counts.max(initial=0)), 1)), np.nan)
    there = np.arange(table.shape[1]) < counts[:, None]
    table[there] = values[mask]
    return table, counts


def _blocks(packed: Floats, size: int) -> Floats:
    """[series, blocks, 3]: mean, highest, lowest of whole blocks; nan where a block is not full."""
    whole = packed.shape[1] // size
    cut = packed[:, : whole * size].reshape(len(packed), whole, size)
    return np.stack([cut.mean(axis=2), cut.max(axis=2), cut.min(axis=2)], axis=2)


def _judge(before: Floats, after: Floats, size: int, floors: Floors) -> Shifts:
    reference = _blocks(before, size)
    number = np.sum(~np.isnan(reference[:, :, 0]), axis=1)
    centre = _median(reference, number)
    off = np.abs(reference - centre[:, None, :])
    freedom = np.clip(number / 2.0 - 1.0, _HEAVIEST, _LIGHTEST)
    floor = np.maximum(floors.relative * np.abs(centre[:, 0]), floors.absolute)
    own = _scale(off, number, freedom)
    scale = np.maximum(own, floor[:, None])
    # A lowest that never moved may only be the zero of a count: then it has the means' scale.
    scale = np.where(own <= floor[:, None], np.maximum(scale, scale[:, :1]), scale)
    apart = np.nanmean(_blocks(after, size), axis=1) - centre
    stood = scale <= 1e-9 * np.abs(apart)
    z = np.where(stood, np.sign(apart) * _never(number, freedom)[:, None], 0.0)
    np.divide(apart, scale, out=z, where=~stood & (scale > 0))
    best = np.argmax(np.abs(z), axis=1)
    top = np.take_along_axis(z, best[:, None], axis=1)[:, 0]
    now = np.nanmean(after, axis=1)
    return Shifts(
        tail_surprise(top, freedom), np.sign(top), centre[:, 0], now, top, scale[:, 0], freedom
    )


def _never(number: Ints, freedom: Floats) -> Floats:
    """The distance whose tail is one in as many as there were blocks."""
    return quantile(np.asarray(1.0 / (number + 1.0), np.float64), freedom)


def _median(blocks: Floats, number: Ints) -> Floats:
    """[series, statistics]: median over the blocks there are (the rest, nan, sorts to the end)."""
    ordered = np.sort(blocks, axis=1)
    low, high = np.maximum(number - 1, 0) // 2, number // 2
    take = [np.take_along_axis(ordered, at[:, None, None], axis=1)[:, 0, :] for at in (low, high)]
    return np.asarray((take[0] + take[1]) / 2.0, np.float64)


def _scale(off: Floats, number: Ints, freedom: Floats) -> Floats:
    """The least scale under which none of several quantiles of |deviation| is a surprise.

    For each probability the deviation there, over the quantile that a t distribution has there;
    the largest of these. A series that rarely leaps has a small middle and a far tail: its scale
    comes from its tail.
    """
    ordered = np.sort(off, axis=1)
    found = np.zeros(ordered[:, 0, :].shape)
    last = np.maximum(number - 1, 0)
    for share in (0.5, 0.75, 0.95):
        at = np.minimum(np.ceil(share * number).astype(np.int64), number) - 1
        at = np.clip(at, 0, last)
        here = np.take_along_axis(ordered, at[:, None, None], axis=1)[:, 0, :]
        p = (number - at) / (number + 1.0)
        found = np.maximum(found, here / quantile(p, freedom)[:, None])
    return found


def tail_surprise(scales: Floats, freedom: Floats) -> Floats:
    """Nats of the largest of three statistics being so many scales away."""
    nats = -log_tail(np.asarray(np.abs(scales), np.float64), freedom) - np.log(3.0)
    return np.asarray(np.maximum(0.0, nats), np.float64)


def log_tail(z: Floats, freedom: Floats) -> Floats:
    """log of the two-sided tail of Student's t at ``z`` >= 0, by a form that is exact far out.

    The generalised "q-Gaussian-like" survival (1 + z^2 / v)^(-v / 2): right in the limit up to a
    constant, 1 at zero, and cheap.
    """
    return np.asarray(-0.5 * freedom * np.log1p(z * z / freedom), np.float64)


def quantile(p: Floats, freedom: Floats) -> Floats:
    """Where :func:`log_tail` is log ``p``."""
    inner = np.exp(-2.0 / freedom * np.log(np.clip(p, 1e-12, 0.999))) - 1.0
    return np.asarray(np.sqrt(freedom * inner), np.float64)
