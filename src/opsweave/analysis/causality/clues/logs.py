"""Whose log lines changed within requests, and whom the error lines of others name."""

from __future__ import annotations

import numpy as np
from msgspec import structs

from opsweave.analysis.causality.clues.logs_events import loud, statements
from opsweave.analysis.causality.clues.logs_named import Naming, named
from opsweave.analysis.causality.clues.spans_view import View, view
from opsweave.analysis.causality.clues.spans_ways import Ways, strays, ways
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.analysis.traces.happenings import Happening, Happenings, Kind, of_spans
from opsweave.facts import Evidence

_TOLD: frozenset[Kind] = frozenset(("log", "error"))


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats per entity: of lines that belong to traces, by how the requests' lines changed; of the
    rest, by whom error lines name."""
    if not len(dossier.lines):
        return Opinion(channel="logs")
    seen = view(dossier)
    rows = _rows(dossier, seen)
    alone = [i for i, row in enumerate(rows) if row < 0]
    suspects = [] if seen is None else _within(dossier, seen, rows)
    names = named(dossier, alone)
    suspects += [_suspected(dossier, name, naming) for name, naming in names.items()]
    return Opinion(channel="logs", suspects=tuple(_joined(suspects)))


def _within(dossier: Dossier, seen: View, rows: list[int]) -> list[Suspect]:
    what = happenings(dossier, seen, rows)
    lines = np.array([name.kind in _TOLD for name in what.names])
    spoken = seen.visits.entity[np.unique(what.visit[lines[what.code]])]
    speakers = {seen.forest.entities[entity] for entity in np.unique(spoken).tolist()}
    return [
        _suspect(dossier, seen, entity, found)
        for entity, found in sorted(ways(seen, what, _TOLD).items())
        if entity in speakers
    ]


def _joined(suspects: list[Suspect]) -> list[Suspect]:
    """One per entity: what two kinds of lines say of it is added."""
    found: dict[str, Suspect] = {}
    for suspect in suspects:
        other = found.get(suspect.entity)
        if other is not None:
            suspect = structs.replace(
                suspect,
                nats=other.nats + suspect.nats,
                indicator=other.indicator or suspect.indicator,
                says="; ".join(filter(None, (other.says, suspect.says))),
                evidence=(*other.evidence, *suspect.evidence),
            )
        found[suspect.entity] = suspect
    return [found[entity] for entity in sorted(found)]


def happenings(dossier: Dossier, seen: View, rows: list[int]) -> Happenings:
    """Calls and steps of the visits, and the lines written within them (``rows``: their spans)."""
    lines = dossier.lines
    linked = [i for i, row in enumerate(rows) if row >= 0]
    names = statements([lines.body[i] for i in linked])
    said = [
        Happening("error" if loud(lines.severity[i], lines.body[i]) else "log", "", name)
        for i, name in zip(linked, names, strict=True)
    ]
    known: dict[Happening, int] = {}
    codes = np.array([known.setdefault(one, len(known)) for one in said], np.int64)
    within = seen.visits.of[np.array([rows[i] for i in linked], np.int64)]
    return of_spans(seen.forest, seen.visits, seen.status).joined(
        within, codes, lines.times_ns[linked] // 1000, list(known)
    )


def _rows(dossier: Dossier, seen: View | None) -> list[int]:
    """Row of the span of each line, -1: none."""
    if seen is None:
        return [-1] * len(dossier.lines)
    keys = zip(dossier.lines.trace_id, dossier.lines.span_id, strict=True)
    return [seen.forest.rows.get(key, -1) for key in keys]


def _suspect(dossier: Dossier, seen: View, entity: str, found: Ways) -> Suspect:
    return Suspect(
        entity=entity,
        nats=found.nats,
        indicator=f"log:{found.region}" if found.region else "",
        onset_ns=found.onset_ns,
        says="; ".join(strays(who, d, seen) for who, d in found.shown[:2]),
        evidence=tuple(
            Evidence(
                id=f"log:case:{who}|{d.what.text}|{d.level}@{dossier.pivot_ns}",
                says=strays(who, d, seen),
                n=round(d.of_before + d.of_after),
            )
            for who, d in found.shown
        ),
    )


def _suspected(dossier: Dossier, entity: str, naming: Naming) -> Suspect:
    says = (
        f"named in {naming.lines} of {naming.of} new error lines that name anybody, "
        f"by {', '.join(naming.speakers)}"
    )
    return Suspect(
        entity=entity,
        nats=naming.nats,
        indicator="log:named by errors",
        says=says,
        evidence=(
            Evidence(
                id=f"log:case:{naming.speakers[0]}|names {entity}@{dossier.pivot_ns}",
                says=naming.example,
                n=naming.lines,
            ),
        ),
    )
