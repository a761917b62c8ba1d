"""``find``: anything by a part of its name, for the palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler

from opsweave.facts import Change, Incident, Run
from opsweave.graph import Graph
from opsweave.pages.links import change_to, entity_to, incident_to, run_to, runbook_to
from opsweave.practices.aiops.recovery.runbook import Runbook
from opsweave.record.state import StateStore, Where
from opsweave.server.console.pages.words import name_of
from opsweave.server.console.registry import Registry

MOST = 30
EACH = 8
"""Of one kind, so that none hides the others."""
LONGEST = 200


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """``kind``: page, entity, incident, change, run, runbook."""

    title: str
    says: str = ""
    to: str
    kind: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What ``GET find`` answers: the nearest first."""

    items: tuple[Hit, ...]


class Finder:
    """Looks in names that are in memory, and asks the state store for words of its facts."""

    def __init__(
        self, registry: Registry, graph: Graph, state: StateStore, runbooks: Sequence[Runbook]
    ) -> None:
        self._registry, self._graph, self._state = registry, graph, state
        self._runbooks = tuple(runbooks)

    def find(self, q: str) -> tuple[Hit, ...]:
        """Every word must occur. Without words: the pages."""
        words = q.lower()[:LONGEST].split()
        kinds: list[Iterable[Hit]] = [self._pages(words)]
        if words:
            text = " ".join(words)
            kinds += [
                self._entities(words),
                self._incidents(text),
                self._runs(text),
                self._runbooks_named(words),
                self._changes(text),
            ]
        scored = [(_score(hit, words), hit) for kind in kinds for hit in list(kind)]
        scored.sort(key=lambda pair: pair[0])
        return tuple(hit for _, hit in scored)[:MOST]

    def _pages(self, words: list[str]) -> Iterator[Hit]:
        for spec in self._registry.listed():
            if _holds(f"{spec.title} {spec.pattern}", words):
                yield Hit(title=spec.title, says=spec.group, to=spec.pattern, kind="page")

    def _entities(self, words: list[str]) -> list[Hit]:
        refs = [ref for ref in self._graph.snapshot().entities if _holds(ref, words)]
        refs.sort(key=lambda ref: (words[0] not in name_of(ref).lower(), len(ref), ref))
        return [
            Hit(title=name_of(ref), says=ref, to=entity_to(ref), kind="entity")
            for ref in refs[:EACH]
        ]

    def _incidents(self, text: str) -> Iterator[Hit]:
        where = Where(words=text)
        for one in self._state.page(Incident, where, sort="urgency", limit=EACH).facts:
            says = f"{one.id}, {one.status.value}, {one.severity.value}"
            title = one.title or one.id
            yield Hit(title=title, says=says, to=incident_to(one.id), kind="incident")

    def _runs(self, text: str) -> Iterator[Hit]:
        for run in self._state.page(Run, Where(words=text), limit=EACH).facts:
            yield Hit(
                title=f"{run.pipeline} for {run.cause or run.incident or run.id}",
                says=f"{run.id}, {run.status.value}",
                to=run_to(run.id),
                kind="run",
            )

    def _runbooks_named(self, words: list[str]) -> Iterator[Hit]:
        for book in self._runbooks:
            if _holds(f"{book.name} {book.says}", words):
                to = runbook_to(book.name)
                yield Hit(title=book.name, says=book.says, to=to, kind="runbook")

    def _changes(self, text: str) -> Iterator[Hit]:
        for change in self._state.page(Change, Where(words=text), limit=EACH).facts:
            yield Hit(
                title=change.summary or change.version_to or change.id,
                says=f"{change.kind.value.replace('_', ' ')} of {change.entity}",
                to=change_to(change.id),
                kind="change",
            )


def _holds(text: str, words: Iterable[str]) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)


def _score(hit: Hit, words: list[str]) -> int:
    """Smaller is nearer: the whole title, its beginning, a part of it, only what is said of it."""
    title, text = hit.title.lower(), " ".join(words)
    if not words or title == text:
        return 0
    if title.startswith(text):
        return 1
    return 2 if _holds(title, words) else 3


def handlers(finder: Finder) -> list[HTTPRouteHandler]:
    """``find?q=``."""

    @get("/find", opt={"scope": "read"}, sync_to_thread=True)
    def find(q: str = "") -> Found:
        return Found(items=finder.find(q))

    return [find]
