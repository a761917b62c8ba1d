"""Calls to those who write no spans: what the caller's span says of them counts as their visit."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
from msgspec import structs

from opsweave.analysis.causality.dossier import Dossier, Spans, Times

_PEER = re.compile(r'"peer\.service"\s*:\s*"([^"]{1,200})"')
_ADDRESS = re.compile(
    r'"(?:server\.address|net\.peer\.name|peer\.hostname|peer\.address)"\s*:\s*"([^"]{1,200})"'
)
_ASKED_WRONG = re.compile(r'"http\.(?:response\.)?status_code"\s*:\s*"?4\d\d\b')
"""By the meaning of such an answer it is the caller who failed."""
_PATIENCE = 20.0
"""Mean times between two spans of an entity after which it counts as silent."""


def with_peers(dossier: Dossier) -> Spans:
    """The spans, and at the end one for each call to a known entity that was silent just then.

    Whoever is not traced at all (a provider, a store), or has fallen silent, leaves no span of its
    own; how long its caller waited and whether that failed is all that is known of it. An entity
    that wrote spans of other calls at that time was not silent: such a call did not reach it.
    """
    spans = dossier.spans
    if not any(spans.attributes):
        return spans
    known = _known(dossier)
    heard = _heard(spans)
    parents = {key for key in zip(spans.trace_id, spans.parent_id, strict=True) if key[1]}
    owner = dict(zip(zip(spans.trace_id, spans.span_id, strict=True), spans.entity, strict=True))
    patience = _patience(dossier, heard)
    added: list[tuple[int, str]] = []
    for i, attributes in enumerate(spans.attributes):
        if not attributes or (spans.trace_id[i], spans.span_id[i]) in parents:
            continue
        within = owner.get((spans.trace_id[i], spans.parent_id[i])) == spans.entity[i]
        peer = _peer(attributes, within, known)
        if peer and peer != spans.entity[i] and _silent(spans, i, heard.get(peer), patience, peer):
            added.append((i, peer))
    return _grown(spans, added) if added else spans


def _known(dossier: Dossier) -> dict[str, str]:
    """Entity by its name in lower case, and by the last part of a path where only one has it."""
    entities = {*dossier.nodes, *dossier.spans.entity, *(n.entity for n in dossier.metrics.names)}
    last = Counter(entity.rpartition("/")[2].lower() for entity in entities)
    found = {e.rpartition("/")[2].lower(): e for e in sorted(entities)}
    found = {name: e for name, e in found.items() if last[name] == 1}
    return found | {entity.lower(): entity for entity in sorted(entities)}


def _peer(attributes: str, within: bool, known: dict[str, str]) -> str:
    """Whom a span calls; an address may be the own one on a span that serves."""
    named = _PEER.search(attributes) or (_ADDRESS.search(attributes) if within else None)
    if named is None:
        return ""
    name = named[1].lower()
    host = name.partition(":")[0] if name.count(":") == 1 and "/" not in name else name
    return known.get(name) or known.get(host) or known.get(host.partition(".")[0], "")


def _heard(spans: Spans) -> dict[str, Times]:
    """Starts of the spans of each entity, in order."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, entity in enumerate(spans.entity):
        rows[entity].append(i)
    return {entity: np.sort(spans.times_ns[at]) for entity, at in rows.items()}


def _patience(dossier: Dossier, heard: dict[str, Times]) -> dict[str, float]:
    """How long each is usually silent at most, in ns."""
    found = {}
    for entity, times in heard.items():
        usual = times[times < dossier.pivot_ns]
        if len(usual) > 1:
            found[entity] = _PATIENCE * float(usual[-1] - usual[0]) / (len(usual) - 1)
    return found


def _silent(
    spans: Spans, i: int, times: Times | None, patience: dict[str, float], peer: str
) -> bool:
    if times is None:
        return True
    if peer not in patience:
        return False
    start = int(spans.times_ns[i])
    end = start + int(spans.duration_us[i]) * 1000
    first = np.searchsorted(times, start - patience[peer], "left")
    last = np.searchsorted(times, end + patience[peer], "right")
    return bool(first == last)


def _grown(spans: Spans, added: list[tuple[int, str]]) -> Spans:
    at = np.array([i for i, _ in added], np.int64)
    rows = at.tolist()

    def more(column: list[str] | tuple[str, ...]) -> list[str]:
        return [*column, *(column[i] for i in rows)]

    status = spans.status or [""] * len(spans)
    return structs.replace(
        spans,
        times_ns=np.concatenate((spans.times_ns, spans.times_ns[at])),
        duration_us=np.concatenate((spans.duration_us, spans.duration_us[at])),
        trace_id=more(list(spans.trace_id)),
        span_id=[*spans.span_id, *(f"{spans.span_id[i]}+" for i in rows)],
        parent_id=[*spans.parent_id, *(spans.span_id[i] for i in rows)],
        entity=[*spans.entity, *(peer for _, peer in added)],
        operation=more(list(spans.operation)),
        status=[*status, *(_answer(spans.attributes[i], status[i]) for i in rows)],
        attributes=[*spans.attributes, *([""] * len(rows))],
    )


def _answer(attributes: str, status: str) -> str:
    return "OK" if _ASKED_WRONG.search(attributes) else status
