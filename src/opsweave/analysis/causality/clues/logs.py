"""Whose log lines changed within requests: lines that no longer come, new ones, new errors."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.causality.clues.logs_events import loud, statements
from opsweave.analysis.causality.clues.spans_view import View, view
from opsweave.analysis.causality.clues.spans_ways import Ways, strays, ways
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.analysis.traces.happenings import Happening, Happenings, Kind, of_spans
from opsweave.facts import Evidence

_TOLD: frozenset[Kind] = frozenset(("log", "error"))


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats per entity whose lines belong to traces."""
    seen = view(dossier) if len(dossier.lines) else None
    if seen is None:
        return Opinion(channel="logs")
    what = happenings(dossier, seen)
    spoken = {seen.forest.entities[e] for e in seen.visits.entity[np.unique(what.visit)].tolist()}
    return Opinion(
        channel="logs",
        suspects=tuple(
            _suspect(dossier, seen, entity, found)
            for entity, found in sorted(ways(seen, what, _TOLD).items())
            if entity in spoken
        ),
        excluded=_left_out(dossier, seen),
    )


def happenings(dossier: Dossier, seen: View) -> Happenings:
    """Calls and steps of the visits, and the lines written within them."""
    lines = dossier.lines
    rows = _rows(dossier, seen)
    linked = np.nonzero(rows >= 0)[0].tolist()
    names = statements([lines.body[i] for i in linked])
    said = [
        Happening("error" if loud(lines.severity[i], lines.body[i]) else "log", "", name)
        for i, name in zip(linked, names, strict=True)
    ]
    known: dict[Happening, int] = {}
    codes = np.array([known.setdefault(one, len(known)) for one in said], np.int64)
    return of_spans(seen.forest, seen.visits, dossier.spans.status).joined(
        seen.visits.of[rows[linked]], codes, lines.times_ns[linked] // 1000, list(known)
    )


def _rows(dossier: Dossier, seen: View) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    keys = zip(dossier.lines.trace_id, dossier.lines.span_id, strict=True)
    return np.array([seen.forest.rows.get(key, -1) for key in keys], np.int64)


def _left_out(dossier: Dossier, seen: View) -> dict[str, int]:
    alone = int((_rows(dossier, seen) < 0).sum())
    return {"lines without a span": alone} if alone else {}


def _suspect(dossier: Dossier, seen: View, entity: str, found: Ways) -> Suspect:
    shown = [(who, d) for who, d in found.shown]
    return Suspect(
        entity=entity,
        nats=found.nats,
        indicator=f"log:{found.region}" if found.region else "",
        says="; ".join(strays(who, d, seen) for who, d in shown[:2]),
        evidence=tuple(
            Evidence(
                id=f"log:case:{who}|{d.what.text}|{d.level}@{dossier.pivot_ns}",
                says=strays(who, d, seen),
                n=round(d.of_before + d.of_after),
            )
            for who, d in shown
        ),
    )
