"""How far a change is suspect: by what it touches and by when, never by mere nearness.

A change that takes effect at once shows at once: a healthy stretch between a change and an abrupt
onset speaks for the change. Only what builds up (memory, a queue, a disk) may take its time.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec

from opsweave.analysis.causality.case import Case
from opsweave.analysis.causality.families import Family, tokens
from opsweave.analysis.causality.trouble import Sign
from opsweave.facts import Change, ChangeKind

SECOND = 1_000_000_000
_BUILDS_UP = frozenset({Family.MEMORY, Family.STORAGE, Family.QUEUE})
_EARLY_S = 7.5
"""An onset may seem so much earlier than its change: a bucket and a half of uncertainty."""
_PROMPT_S = 12.0
_FADE_S = 15.0
_SLOW_FADE_S = 240.0

_D = {
    Family.OWN_TIME: 1.0,
    Family.OWN_ERRORS: 1.0,
    Family.MEMORY: 1.0,
    Family.CPU: 0.9,
    Family.POOL: 0.7,
    Family.PRESENCE: 0.5,
    Family.STORAGE: 0.5,
    Family.QUEUE: 0.7,
    Family.LOCK_HELD: 0.6,
    Family.LOCK_WAIT: 0.5,
    Family.ACCESS: 0.4,
    Family.DATA: 0.4,
    Family.MODEL: 0.5,
}
_C = {
    Family.POOL: 0.9,
    Family.OWN_TIME: 0.75,
    Family.OWN_ERRORS: 0.75,
    Family.CPU: 0.6,
    Family.MEMORY: 0.6,
    Family.ACCESS: 0.6,
    Family.STORAGE: 0.5,
    Family.QUEUE: 0.7,
    Family.LOCK_HELD: 0.6,
    Family.LOCK_WAIT: 0.5,
    Family.MODEL: 0.6,
    Family.DATA: 0.4,
    Family.PRESENCE: 0.3,
}
_F = _D | {Family.CPU: 1.0, Family.MEMORY: 0.6, Family.POOL: 0.6}
FITS: dict[ChangeKind, dict[Family, float]] = {
    ChangeKind.DEPLOYMENT: _D,
    ChangeKind.CONFIGURATION: _C,
    ChangeKind.FLAG: _F,
    ChangeKind.SCHEMA: {Family.DATA: 1.0, Family.OWN_ERRORS: 0.9, Family.LOCK_WAIT: 0.8},
    ChangeKind.DATA_VERSION: {Family.DATA: 1.0, Family.MODEL: 0.6},
    ChangeKind.MODEL_VERSION: {Family.MODEL: 1.0, Family.OWN_TIME: 0.6},
    ChangeKind.SCALING: {Family.POOL: 0.8, Family.OWN_TIME: 0.7, Family.CPU: 0.6},
    ChangeKind.CREDENTIAL: {Family.ACCESS: 1.0, Family.OWN_ERRORS: 0.4},
    ChangeKind.OTHER: {Family.OWN_TIME: 0.5, Family.OWN_ERRORS: 0.5},
}
"""How well a kind of change explains a family of signs."""


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """How one change fits one entity's signs. Each part lies in [0, 1]."""

    change: Change
    sign: Sign
    mechanism: float
    timing: float
    lag_s: float
    blast: float = 1.0

    @property
    def score(self) -> float:
        """Product of the parts."""
        return self.mechanism * self.timing * self.blast


def suspect(case: Case, change: Change, signs: list[Sign]) -> Suspicion | None:
    """How ``change`` fits these signs of its entity; None when it fits none.

    What builds up is judged by itself, as what follows from it comes later. All other signs that
    the change could explain are judged together, by their weight: one stir at the wrong moment
    does not decide.
    """
    fits = [
        _Fit(s, m, *_when(case, change, s)) for s in signs if (m := _mechanism(change, s, signs))
    ]
    if not fits:
        return None
    slow = max((f for f in fits if f.slow), key=_Fit.worth, default=None)
    prompt = [f for f in fits if not f.slow]
    prompt = [f for f in prompt if f.sign.timed] or prompt
    total = sum(f.mechanism * f.sign.weight**2 for f in prompt)
    together = (
        sum(f.mechanism * f.sign.weight**2 * f.timing for f in prompt) / total if total else 0.0
    )
    if slow is not None and slow.timing * slow.mechanism >= together * 0.8:
        best, when = slow, slow.timing
    elif prompt:
        best, when = max(prompt, key=_Fit.worth), together
    else:
        return None
    return Suspicion(
        change=change,
        sign=best.sign,
        mechanism=best.mechanism * (0.5 + 0.5 * best.sign.weight),
        timing=when,
        lag_s=best.lag_s,
        blast=_blast(case, change),
    )


class _Fit(NamedTuple):
    """One sign that a change could explain."""

    sign: Sign
    mechanism: float
    slow: bool
    lag_s: float
    timing: float

    def worth(self) -> float:
        """For the choice of the sign that is named."""
        return self.mechanism * (0.5 + 0.5 * self.sign.weight) * (0.2 + 0.8 * self.timing)


def _when(case: Case, change: Change, sign: Sign) -> tuple[bool, float, float]:
    """(builds up, lag in seconds, timing)."""
    slow = sign.gradual or sign.family in _BUILDS_UP
    lag = (sign.onset_ns + case.width_ns / 2 - _effective(change)) / SECOND
    return slow, lag, timing(lag, gradual=slow)


def timing(lag_s: float, *, gradual: bool) -> float:
    """[0, 1] for an onset ``lag_s`` after the change took effect.

    >>> timing(3.0, gradual=False), timing(-20.0, gradual=False), timing(90, gradual=False) < 0.1
    (1.0, 0.0, True)
    >>> timing(90.0, gradual=True) > 0.6
    True
    """
    if lag_s < -_EARLY_S:
        return 0.0
    if lag_s < -2.5:
        return 1.0 - 0.7 * (-2.5 - lag_s) / (_EARLY_S - 2.5)
    if lag_s <= _PROMPT_S:
        return 1.0 - 0.01 * max(0.0, lag_s - 5.0)
    return 0.93 * math.exp(-(lag_s - _PROMPT_S) / (_SLOW_FADE_S if gradual else _FADE_S))


def _effective(change: Change) -> int:
    return change.finished_ns or change.at_ns


def _mechanism(change: Change, sign: Sign, signs: list[Sign]) -> float:
    fit = FITS.get(change.kind, {}).get(sign.family, 0.0)
    if not fit or change.kind is not ChangeKind.CONFIGURATION:
        return fit
    keys = change.details.get("keys")
    if not isinstance(keys, dict) or not keys:
        return fit
    touched = frozenset().union(*(tokens(str(key)) for key in keys))
    if touched & tokens(sign.indicator):
        return 1.0
    seen = frozenset().union(*(tokens(one.indicator) for one in signs))
    # What the keys name shows no sign itself: a value can still be felt elsewhere (a time-out).
    return fit * (0.9 if touched & seen else 0.65)


def _blast(case: Case, change: Change) -> float:
    """Versions side by side: a guilty version is worse than the one that it replaced."""
    after, before = case.after.get(change.entity), case.before.get(change.entity)
    if change.kind is not ChangeKind.DEPLOYMENT or after is None or before is None:
        return 1.0
    new, old = after.versions.get(change.version_to), before.versions.get(change.version_from)
    if new is None or old is None or new.requests < 5 or old.requests < 5:
        return 1.0
    worse_errors = (new.error_ratio or 0.0) - (old.error_ratio or 0.0)
    worse_ms = (new.mean_ms or 0.0) - (old.mean_ms or 0.0)
    bad = worse_errors > 0.02 or worse_ms > max(10.0, 0.25 * (old.mean_ms or 0.0))
    return 1.0 if bad else 0.6
