"""Who slowed down or answers in another way: self time, call edges and ways of requests."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opsweave.analysis.causality.clues.spans_amount import amounts
from opsweave.analysis.causality.clues.spans_view import LEAST_TRACES, View, view
from opsweave.analysis.causality.clues.spans_ways import Ways, strays, ways
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.analysis.traces.behaviour import mean_nats
from opsweave.analysis.traces.delays import Slowdown, Slowness, slowness
from opsweave.analysis.traces.forest import Forest, Mask
from opsweave.analysis.traces.happenings import Kind, of_spans
from opsweave.facts import Evidence

_TOLD: frozenset[Kind] = frozenset(("call", "step", "unanswered", "failure"))
_SLOWS, _STRAYS, _HIDES = 0.45, 0.35, 0.2
"""Shares of faults that delay, that change the ways of requests, and that traces do not show."""
_AVOIDED = -1.0
"""Nats of an entity of a traced kind through which no traced request passes."""
_PLENTY = 15.0
_AMOUNT = 1.0
_SHOWN = 3
_SHOWN_NATS = 0.5


class _Delayed(NamedTuple):
    nats: float
    shown: list[Slowdown]
    onset_ns: int


_NOT_SLOW = _Delayed(0.0, [], 0)


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats per entity with spans: a fault delays, or leads requests astray, or neither shows."""
    seen = view(dossier)
    if seen is None:
        few = {f"fewer than {LEAST_TRACES} traces before, or in the trouble": len(dossier.spans)}
        return Opinion(channel="spans", excluded=few if len(dossier.spans) else {})
    slow = _slowest({at: _slow(seen.forest, before, after) for at, before, after in seen.onsets})
    what = of_spans(seen.forest, seen.visits, seen.status)
    strayed = ways(seen, what, _TOLD)
    found = [
        _suspect(dossier, seen, entity, slow.get(entity, _NOT_SLOW), strayed.get(entity, Ways()))
        for entity in sorted({*slow, *strayed})
    ]
    return Opinion(channel="spans", suspects=(*found, *_avoided(dossier, seen)))


def _slow(forest: Forest, before: Mask, after: Mask) -> dict[str, Slowness]:
    """Who slowed, and how much of what requests take longer that is."""
    found = slowness(forest, before, after)
    for entity, nats in amounts(forest, before, after).items():
        if entity in found:
            found[entity].nats += _AMOUNT * nats
    return found


def _slowest(guesses: dict[int, dict[str, Slowness]]) -> dict[str, _Delayed]:
    """Mean likelihood over the guesses of an onset, shown by the best."""
    found = {}
    for entity in sorted(set().union(*guesses.values())):
        each = {at: guess[entity] for at, guess in guesses.items() if entity in guess}
        at, best = max(each.items(), key=lambda item: item[1].nats)
        nats = mean_nats([slow.nats for slow in each.values()])
        shown = [place for place in best.places[:_SHOWN] if place.nats > _SHOWN_NATS]
        found[entity] = _Delayed(nats, shown, at)
    return found


def _avoided(dossier: Dossier, seen: View) -> list[Suspect]:
    """Where nobody passes, nothing that requests feel goes wrong."""
    traced = set(seen.forest.entities)
    kinds = {dossier.nodes[entity] for entity in traced if entity in dossier.nodes}
    return [
        Suspect(entity=entity, nats=_AVOIDED, says="no traced request passes here")
        for entity, kind in sorted(dossier.nodes.items())
        if kind in kinds and entity not in traced
    ]


def _mixed(slow: float, strayed: float) -> float:
    """Nats over what a fault may do. Edges share their traces, so beyond a point more of them add
    little."""
    parts = (math.log(_SLOWS) + slow, math.log(_STRAYS) + strayed, math.log(_HIDES))
    nats = float(np.logaddexp.reduce(parts))
    return nats if nats < _PLENTY else _PLENTY + math.log1p(nats - _PLENTY)


def _suspect(dossier: Dossier, seen: View, entity: str, slow: _Delayed, strayed: Ways) -> Suspect:
    delayed = slow.nats >= strayed.nats
    says = [_slowed(place) for place in slow.shown]
    paths = [strays(who, d, seen) for who, d in strayed.shown[:_SHOWN]]
    told = says + paths if delayed else paths + says
    indicator = ""
    if delayed and slow.shown:
        indicator = f"latency:{slow.shown[0].operation}"
    elif strayed.shown:
        indicator = f"span:{strayed.shown[0][1].what.text}"
    evidence = tuple(
        Evidence(
            id=f"trace:case:{entity}|{place.operation}|{place.peer}@{dossier.pivot_ns}",
            says=_slowed(place),
            n=place.shift.before + place.shift.after,
        )
        for place in slow.shown
    ) + tuple(
        Evidence(
            id=f"trace:case:{who}|{d.what.kind}:{d.what.text}|{d.level}@{dossier.pivot_ns}",
            says=strays(who, d, seen),
            n=round(d.of_before + d.of_after),
        )
        for who, d in strayed.shown[:_SHOWN]
    )
    return Suspect(
        entity=entity,
        nats=_mixed(slow.nats, strayed.nats),
        indicator=indicator,
        onset_ns=slow.onset_ns if delayed and slow.shown else strayed.onset_ns,
        says="; ".join(told[:2]),
        evidence=evidence,
        parts={"slower": round(slow.nats, 3), "other ways": round(strayed.nats, 3)},
    )


def _slowed(place: Slowdown) -> str:
    """In words, durations in ms."""
    where = {
        "self": f"own time of {place.operation}",
        "answering": f"{place.peer} waits for {place.operation}",
        "calling": f"calls {place.operation} of {place.peer}",
    }[place.place]
    before, after = place.shift.median_before / 1000, place.shift.median_after / 1000
    return f"{where}: median {after:.3g} ms, {before:.3g} ms before"
