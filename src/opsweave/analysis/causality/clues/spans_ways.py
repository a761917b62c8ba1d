"""Whose requests go new ways, in nats: by own visits, and by those of callers after an answer."""

from __future__ import annotations

import math
from collections import defaultdict

import msgspec

from opsweave.analysis.causality.clues.spans_view import View
from opsweave.analysis.traces.behaviour import Conduct, Deviation, conduct, mean_nats
from opsweave.analysis.traces.happenings import Happenings, Kind

_SLOPE, _SCALE = 3.0, 2.0
"""A log Bayes factor over counts is believed as ``slope * log(1 + nats / scale)``: requests are not
independent and the traffic of two times is never the same, so the innocent's tail is heavy."""
_BLANK = 0.8
"""Nats against "this entity goes new ways" where none are seen."""
_MOST = 14.0
_OWN = 0.6
"""How often a fault that is not of speed shows in the entity's own visits ..."""
_ANSWERED = 0.25
"""... and how often in what each of its callers does after its answer."""
_SHOWN = 3
_SHOWN_NATS = 1.5
_PLAIN = 0.6


class Ways(msgspec.Struct):
    """``nats`` for "a fault here changed the ways of requests", and what shows it."""

    nats: float = 0.0
    shown: list[tuple[str, Deviation]] = []
    """Entity whose visits deviate (this one, or a caller) and how, strongest first."""
    region: str = ""
    """Of lines: from which statement to which the ways part."""
    onset_ns: int | None = None
    """The guess under which most is seen; None: nothing is."""


def ways(view: View, what: Happenings, told: frozenset[Kind]) -> dict[str, Ways]:
    """By entity, over the guesses of when the fault came into force."""
    head = view.visits.head
    guesses = [
        conduct(view.visits, what, before[head], after[head], excused=view.excused, told=told)
        for _, before, after in view.onsets
    ]
    names = view.forest.entities
    found: dict[str, Ways] = defaultdict(Ways)
    for number in sorted(set().union(*guesses)):
        each = [guess[number] for guess in guesses if number in guess]
        own = found[names[number]]
        said = _word(mean_nats([c.nats for c in each]), _OWN)
        own.nats += _residual(said, max(c.excused for c in each))
        best, at = max(
            (
                (guess[number], onset)
                for guess, (onset, _, _) in zip(guesses, view.onsets, strict=True)
                if number in guess
            ),
            key=lambda pair: pair[0].nats,
        )
        shown = [(names[number], d) for d in best.deviations[:_SHOWN] if d.nats > _SHOWN_NATS]
        own.shown = shown + own.shown
        own.region = _region([d for _, d in shown])
        own.onset_ns = at if shown else own.onset_ns
        callee, nats = _parted(each)
        if callee:
            answered = found[callee]
            answered.nats += max(0.0, _word(nats, _ANSWERED))
            answered.shown += shown[:1]
            answered.onset_ns = answered.onset_ns or own.onset_ns
    return dict(found)


def _region(shown: list[Deviation]) -> str:
    """Where a line fell away is plainer than where one is new."""
    placed = [d for d in shown if d.between[1] and d.nats > _PLAIN * shown[0].nats]
    placed.sort(key=lambda d: not d.fell)
    return "_".join(placed[0].between) if placed else ""


def _parted(each: list[Conduct]) -> tuple[str, float]:
    return max((c.parted for c in each), key=lambda pair: pair[1])


def _word(nats: float, shows: float) -> float:
    """A sensor that is believed in part and shows a fault only now and then; bounded."""
    strength = min(_MOST, _SLOPE * math.log1p(max(0.0, nats) / _SCALE) - _BLANK)
    return math.log(shows * math.exp(strength) + 1 - shows)


def _residual(nats: float, excused: float) -> float:
    """What is left of ``nats`` when a callee explains a share of an entity's visits.

    Whoever waits for a callee that is broken fails in ways of its own as well (its workers run out,
    calls that it no longer makes): the rest is a consequence with the probability of that share.
    """
    if nats <= 0.0 or excused <= 0.0:
        return nats
    return -math.log(excused + (1.0 - excused) * math.exp(-nats))


def strays(who: str, deviation: Deviation, view: View) -> str:
    """In words, with shares of visits."""
    what = deviation.what
    name = f"{what.kind} {what.entity} {what.text}".replace("  ", " ")
    times = " more than once" if deviation.level > 1 else ""
    return (
        f"{who} {view.forest.operations[deviation.operation]}: {name}{times} in "
        f"{_share(deviation.after, deviation.of_after)} of visits, "
        f"{_share(deviation.before, deviation.of_before)} before"
    )


def _share(part: float, of: float) -> str:
    return f"{part / of:.0%}" if of else "none"
