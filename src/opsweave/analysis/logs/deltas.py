"""Which templates changed their rate between two spans of time, and how surprising that is.

The conditional test of two Poisson rates (Przyborowski and Wilenski, "Homogeneity of results in
testing samples from Poisson series", Biometrika 1940): given both counts' sum, the later count is
binomial. Bursts are met by dividing the counts by their dispersion (quasi-likelihood: McCullagh and
Nelder, "Generalized Linear Models", 1989), so real numbers enter through the incomplete beta
function.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Kind = Literal["new", "gone", "more", "less"]
_TINY = 1e-300
_PRIOR_BUCKETS = 8.0
"""So many buckets of an even stream are believed beside those that were seen."""


class TemplateDelta(NamedTuple):
    """``nats`` = -ln p of a rate that did not change: P(nats > x) <= e^-x when none did."""

    template: str
    nats: float
    kind: Kind
    before: int
    after: int
    ratio: float
    """Of the rates, after / before (``load`` divided out), half a line added to either count."""


def template_deltas(
    before: Mapping[str, int],
    before_s: float,
    after: Mapping[str, int],
    after_s: float,
    *,
    dispersion: Mapping[str, float] | float = 1.0,
    load: float = 1.0,
) -> list[TemplateDelta]:
    """Every template of either span, most surprising first (then by name).

    ``before`` and ``after`` are lines per template within ``before_s`` and ``after_s`` seconds;
    ``dispersion`` is variance / mean of counts of such a span (1: independent lines), one for all
    or per template; ``load`` is the ratio of rates that needs no explanation (say, of requests).
    Raises ValueError on a span, load or dispersion that is not positive.

    >>> for delta in template_deltas({"ok": 600}, 600, {"ok": 60, "timeout": 9}, 60):
    ...     print(delta.template, delta.kind, round(delta.nats, 1))
    timeout new 20.9
    ok more 0.0
    """
    if min(before_s, after_s, load) <= 0 or not math.isfinite(before_s + after_s + load):
        raise ValueError("before_s, after_s and load must be positive and finite")
    share = after_s * load / (before_s + after_s * load)
    found = []
    for template in sorted({*before, *after}):
        b, a = before.get(template, 0), after.get(template, 0)
        if a or b:
            phi = dispersion if isinstance(dispersion, int | float) else dispersion.get(template, 1)
            if phi <= 0:
                raise ValueError("dispersion must be positive")
            ratio = (a + 0.5) / (b + 0.5) * (1 - share) / share
            kind = _kind(b, a, ratio)
            found.append(
                TemplateDelta(template, rate_change_nats(b, a, share, phi), kind, b, a, ratio)
            )
    return sorted(found, key=lambda delta: (-delta.nats, delta.template))


def _kind(before: int, after: int, ratio: float) -> Kind:
    if not before:
        return "new"
    if not after:
        return "gone"
    return "more" if ratio >= 1 else "less"


def rate_change_nats(before: float, after: float, share: float, dispersion: float = 1.0) -> float:
    """-ln of the two-sided p that ``after`` of the lines fall into ``share`` of the time.

    >>> round(rate_change_nats(100, 100, 0.5), 2), round(rate_change_nats(100, 200, 0.5), 1)
    (0.0, 18.6)
    """
    phi = max(dispersion, 1.0)
    a, b = after / phi, before / phi
    more = a * (1 - share) > b * share
    log_p = _log_beta_tail(a, b + 1, share) if more else _log_beta_tail(b, a + 1, 1 - share)
    return max(0.0, -log_p - math.log(2))


def dispersion(counts: Sequence[int]) -> float:
    """Variance / mean of counts per bucket, drawn to 1 where buckets are few; at least 1.

    >>> dispersion([3, 3, 3, 3])
    1.0
    >>> dispersion([0, 0, 0, 0, 0, 0, 0, 40]) > 10
    True
    """
    n, total = len(counts), sum(counts)
    if n < 2 or not total:
        return 1.0
    mean = total / n
    index = sum((count - mean) ** 2 for count in counts) / (n - 1) / mean
    return max(1.0, (_PRIOR_BUCKETS + (n - 1) * index) / (_PRIOR_BUCKETS + n - 1))


def _log_beta_tail(a: float, b: float, x: float) -> float:
    """ln I_x(a, b), the regularised incomplete beta function; ln 1 for a = 0."""
    if a <= 0:
        return 0.0
    if x > (a + 1) / (a + b + 2):
        other = math.exp(_log_fraction(b, a, 1 - x))
        return math.log1p(-min(other, 1 - 1e-16))
    return min(0.0, _log_fraction(a, b, x))


def _log_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction by Lentz's method (Numerical Recipes 6.4; DLMF 8.17.22)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    h = d
    for m in range(1, 6000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 + term * d, 1 + term / c
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            h *= d * c
        if abs(d * c - 1) < 1e-10:
            break
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return front + a * math.log(x) + b * math.log1p(-x) - math.log(a) + math.log(max(h, _TINY))
