"""When a change took effect, when the trouble began, and how well the one fits the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.stirs import Stir
from opsweave.analysis.causality.dossier import CaseChange, Dossier, ReleaseStep

MINUTE = 60_000_000_000
_EARLY = 0.2
"""Share of the troubled weight, squared, that has stirred when the trouble is there."""
_TRUSTED = 15.0
"""Troubled weight by which what stirred is as good as the alarm for telling when."""
_WORST = -6.0
_IMPOSSIBLE = -12.0
"""Of what came after the alarm, by more than clocks may differ."""
_TOO_LATE = 2.0
"""Nats lost per sampling step by which a change came after the trouble."""
_MOST_STEPS_EARLY = 0.5
_LATE_STEPS = 3
"""Sampling steps by which a series may stir after an alarm that is dated back."""
_SIGNS = frozenset({Kind.SUCCESS, Kind.ERROR, Kind.LATENCY, Kind.OTHER, Kind.MEMORY})


class Clock(NamedTuple):
    """When the trouble began, the sampling step and the time that was watched before, in ns.

    With ``doubt`` (a probability) the trouble is that of the alarm only, and began as it says.
    """

    trouble_ns: int
    step_ns: int
    span_ns: int
    alarm_ns: int = 0
    doubt: float = 0.0


class Effect(NamedTuple):
    """From when to when a change took effect."""

    from_ns: int
    to_ns: int


def clock(dossier: Dossier, signs: Sequence[tuple[int, float]], step_ns: int) -> Clock:
    """Trouble begins when a fifth of what is troubled has stirred, by the alarm or just after.

    ``signs``: when each began, and its weight.
    """
    pivot, step = dossier.pivot_ns, step_ns
    timed = sorted((at, w) for at, w in signs if at <= pivot + _LATE_STEPS * step and w > 0)
    total = sum(weight for _, weight in timed)
    squares, passed, trouble = sum(weight**2 for _, weight in timed), 0.0, pivot
    for onset, weight in timed:
        passed += weight**2
        if passed >= _EARLY * squares:
            trouble = onset
            break
    first = min([dossier.start_ns, *(c.at_ns for c in dossier.changes)])
    doubt = 1.0 / (1.0 + total / _TRUSTED)
    return Clock(trouble, step, max(trouble - first, 10 * step), pivot, doubt)


def usual_step(stirs: Sequence[Stir]) -> int:
    """Time between two samples of most series, in ns."""
    steps = sorted(s.step_ns for s in stirs if s.step_ns)
    return steps[len(steps) // 2] if steps else MINUTE


def is_bad(stir: Stir) -> bool:
    """Whether a series went where trouble goes."""
    kind = stir.reading.kind
    if kind is Kind.SUCCESS:
        return not stir.rises
    return kind in _SIGNS and (stir.rises or kind is Kind.OTHER)


def step_starts(steps: Sequence[ReleaseStep]) -> list[int]:
    """When each step began: never before the earlier one was completed."""
    starts: list[int] = []
    done = 0
    for step in steps:
        starts.append(max(step.at_ns, done))
        done = max(done, step.completed_ns or step.at_ns)
    return starts


def effect(change: CaseChange) -> Effect:
    """A release takes effect while its first step goes on; others at once."""
    if not change.steps:
        return Effect(change.at_ns, change.at_ns)
    first = change.steps[0]
    return Effect(first.at_ns, max(first.at_ns, first.completed_ns or first.at_ns))


def lag_ns(effect: Effect, trouble_ns: int) -> int:
    """0 when the trouble began while the change took effect; negative when it came first."""
    if trouble_ns < effect.from_ns:
        return trouble_ns - effect.from_ns
    return max(0, trouble_ns - effect.to_ns)


def moment(effect: Effect, clock: Clock) -> float:
    """Nats of when a change took effect: by what stirred and, as far as in doubt, the alarm."""
    if effect.from_ns > max(clock.alarm_ns, clock.trouble_ns) + clock.step_ns:
        return _IMPOSSIBLE
    stirred = timing(lag_ns(effect, clock.trouble_ns), clock)
    alarmed = timing(lag_ns(effect, clock.alarm_ns), clock)
    doubt = clock.doubt
    return math.log((1.0 - doubt) * math.exp(stirred) + doubt * math.exp(alarmed))


def timing(lag_ns: float, clock: Clock) -> float:
    """Log likelihood ratio of such a lag, guilty against unrelated, in nats.

    Trouble follows its cause after a lag of unknown scale: its density falls with 1 / (lag + one
    sampling step) over the time watched. Trouble of another cause may begin at any time. What came
    after the trouble, by more than the sampling could hide, is innocent.

    >>> c = Clock(trouble_ns=0, step_ns=MINUTE, span_ns=60 * MINUTE)
    >>> round(timing(0, c), 1), round(timing(30 * MINUTE, c), 1), timing(-4 * MINUTE, c)
    (2.7, -0.8, -6.0)
    """
    steps = clock.span_ns / clock.step_ns
    peak = math.log(steps / math.log1p(steps))
    lag = lag_ns / clock.step_ns
    if lag >= 0:
        return max(peak - math.log1p(lag), _WORST)
    if lag >= -_MOST_STEPS_EARLY:
        return peak + _TOO_LATE * lag
    return max(-_TOO_LATE * (1.0 - lag), _WORST)
