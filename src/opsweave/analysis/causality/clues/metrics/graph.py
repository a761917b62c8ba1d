"""Who calls whom and what runs on what, from every place that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from opsweave.analysis.causality.clues.metrics.quantity import quantity
from opsweave.analysis.causality.dossier import Dossier, Spans


class Graph(NamedTuple):
    """Entities by entity; each list sorted, so that nothing depends on the order of the input."""

    callees: Mapping[str, tuple[str, ...]]
    callers: Mapping[str, tuple[str, ...]]
    whole: Mapping[str, str]
    """Of an instance: what it is an instance of."""
    tenants: Mapping[str, tuple[str, ...]]
    """Of a host: the entities that run on it, instances named by what they are instances of."""
    hosts: Mapping[str, str]
    """Of an instance: its host."""

    def called_by(self, entity: str) -> tuple[str, ...]:
        """Whom it calls; an instance calls whom its whole calls."""
        return self.callees.get(entity) or self.callees.get(self.whole.get(entity, ""), ())

    def calling(self, entity: str) -> tuple[str, ...]:
        """Who calls it; an instance is called by who calls its whole."""
        return self.callers.get(entity) or self.callers.get(self.whole.get(entity, ""), ())


def graph_of(dossier: Dossier) -> Graph:
    """The graph of ``dossier``: its edges, calls seen in spans, calls named by indicators.

    >>> d = Dossier(start_ns=0, end_ns=1, edges=(("a", "b", "calls"), ("a-0", "a", "part_of")))
    >>> graph_of(d).callers["b"], graph_of(d).whole["a-0"]
    (('a',), 'a')
    """
    calls = {(a, b) for a, b, kind in dossier.edges if kind == "calls"}
    calls |= _spanned(dossier.spans)
    known = set(dossier.nodes) | {name.entity for name in dossier.metrics.names}
    for metric in {name.metric for name in dossier.metrics.names}:
        what = quantity(metric)
        if what.caller in known and what.callee in known:
            calls.add((what.caller, what.callee))
    calls = {(a, b) for a, b in calls if a != b}
    whole = {a: b for a, b, kind in sorted(dossier.edges) if kind == "part_of"}
    hosts = {a: b for a, b, kind in sorted(dossier.edges) if kind == "runs_on"}
    return Graph(
        callees=_grouped(calls),
        callers=_grouped({(b, a) for a, b in calls}),
        whole=whole,
        tenants=_grouped({(host, whole.get(a, a)) for a, host in hosts.items()}),
        hosts=hosts,
    )


def _grouped(pairs: set[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for a, b in sorted(pairs):
        found.setdefault(a, []).append(b)
    return {a: tuple(bs) for a, bs in found.items()}


def _spanned(spans: Spans) -> set[tuple[str, str]]:
    owner = dict(zip(spans.span_id, spans.entity, strict=True))
    return {
        (owner[parent], entity)
        for parent, entity in zip(spans.parent_id, spans.entity, strict=True)
        if parent and parent in owner
    }
