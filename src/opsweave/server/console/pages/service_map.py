"""The map: what is in trouble and what stands beside it; now, or as it was."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from opsweave.facts import Alert, Relation, RelationPeriod
from opsweave.graph.history import as_of
from opsweave.graph.snapshot import Snapshot
from opsweave.kernel.clock import MILLISECOND, SECOND, from_iso, iso
from opsweave.kernel.errors import RejectInput
from opsweave.pages import (
    Cell,
    Column,
    Control,
    Graph,
    Health,
    Option,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    State,
    Table,
)
from opsweave.pages.links import entity_to
from opsweave.server.console.pages.drawing import MOST_NODES, around, drawn
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.trouble import Trouble, rank

MOST_PERIODS = 100_000
ROWS = 50
MOST_ALERTS = 5_000
BEFORE_NS = 86_400 * SECOND
"""An alert that began longer before the moment asked for is not looked for."""
WHOLE = 40
"""So few entities are shown whole when none is in trouble."""
HOPS = ("0", "1", "2", "3")


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, and what of the graph answers it."""

    trouble: Trouble
    relations: tuple[Relation, ...]
    refs: dict[str, int]
    """Entity -> hops from where the map begins."""
    starts: tuple[str, ...]
    says: str
    at_ns: int | None = None


def spec(sources: Sources) -> PageSpec:
    """``map``."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(pattern="map", title="Map", key="m", order=20, make=make)


def page(sources: Sources, query: PageQuery) -> Page:
    """Parameters: ``focus`` (an entity), ``q`` (words), ``hops``, ``at`` (ISO 8601)."""
    cut = _cut(sources, query)
    widgets = (_graph(cut, query), _table(cut, query))
    return Page(
        path=query.path,
        title="Map",
        lead=cut.says,
        controls=(
            Control(param="q", title="Search", value=query.get("q")),
            Control(
                param="hops",
                title="Hops",
                value=query.get("hops"),
                options=(
                    Option(value="", title="as can be read"),
                    *(Option(value=hops, title=hops) for hops in HOPS),
                ),
            ),
            Control(param="at", title="As it was at", value=query.get("at")),
        ),
        sections=(Section(id="map", widgets=widgets),),
        timed=False,
        as_of_ms=(cut.at_ns or query.now_ns) / MILLISECOND,
    )


def _hops(query: PageQuery) -> int:
    return int(query.get("hops")) if query.get("hops") in HOPS else 1


def _cut(sources: Sources, query: PageQuery) -> Cut:
    trouble, relations, at_ns = _look(sources, query)
    graph = Snapshot(trouble.entities, relations)
    inside = [ref for ref in trouble.entities if query.in_scope(ref, trouble.owner(ref))]
    starts, says, hops = _starts(trouble, inside, query)
    refs = {r: n for r, n in around(graph, starts, hops).items() if r in trouble.entities}
    if len(refs) > MOST_NODES and hops and not query.get("hops") and len(starts) <= MOST_NODES:
        says = f"{len(starts)} entities in trouble or found; with those beside them {len(refs)}, "
        says += (
            f"more than the {MOST_NODES} that can be read: ask for one hop, or narrow the scope."
        )
        refs = dict.fromkeys(starts, 0)
    if at_ns is not None:
        says = f"As it was at {iso(at_ns)}. {says}"
    return Cut(
        trouble=trouble,
        relations=tuple(relations),
        refs=refs,
        starts=starts,
        says=says,
        at_ns=at_ns,
    )


def _starts(
    trouble: Trouble, inside: Sequence[str], query: PageQuery
) -> tuple[tuple[str, ...], str, int]:
    """Where the map begins, in words, and how far it goes."""
    hops, focus, words = _hops(query), query.get("focus"), query.get("q").lower().split()
    if focus:
        known = (focus,) if focus in trouble.entities else ()
        return known, f"{focus} and what stands within {hops} hops of it.", hops
    if words:
        found = tuple(ref for ref in inside if all(word in ref.lower() for word in words))
        return found, f"{len(found)} entities that match, and {hops} hops around them.", hops
    ill = tuple(r for r in inside if trouble.health(r) in (Health.BAD, Health.WARNING))
    if ill:
        return ill, f"{len(ill)} entities in trouble, and {hops} hops around them.", hops
    if len(inside) <= WHOLE:
        return tuple(inside), "Nothing is in trouble: all there is.", 0
    return (), f"Nothing is in trouble among {len(inside)} entities.", hops


def _look(sources: Sources, query: PageQuery) -> tuple[Trouble, Sequence[Relation], int | None]:
    text = query.get("at")
    now = sources.troubles.now(query.now_ns)
    if not text:
        return now, sources.graph.snapshot().relations, None
    try:
        at_ns = from_iso(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise RejectInput(
            f"{text[:40]!r} is no time", field="at", action="write ISO 8601, for example with Z"
        ) from error
    at_ns = min(max(at_ns, 0), query.now_ns)
    periods = sources.state.find(RelationPeriod, limit=MOST_PERIODS)
    # What began since the last round of upkeep is not stored yet; the graph itself knows it.
    fresh = [r for r in sources.graph.snapshot().relations if r.valid_from_ns <= at_ns]
    known = {(r.source, r.kind, r.target): r for r in (*fresh, *as_of(periods, at_ns))}
    return _trouble_at(sources, now, at_ns), list(known.values()), at_ns


def _trouble_at(sources: Sources, now: Trouble, at_ns: int) -> Trouble:
    """Alerts that fired then, on entities that were known then."""
    since, until = max(0, at_ns - BEFORE_NS), at_ns + 1
    found = sources.state.find(Alert, since_ns=since, until_ns=until, limit=MOST_ALERTS)
    alerts: dict[str, list[Alert]] = {}
    for alert in found:
        if alert.ended_ns is None or alert.ended_ns > at_ns:
            alerts.setdefault(alert.entity, []).append(alert)
    return Trouble(
        at_ns=at_ns,
        alerts={ref: tuple(fired) for ref, fired in alerts.items()},
        entities={ref: one for ref, one in now.entities.items() if one.first_seen_ns <= at_ns},
        owners=now.owners,
    )


def _graph(cut: Cut, query: PageQuery) -> Graph:
    n = len(cut.refs)
    if not n or n > MOST_NODES:
        missing, remedy, to = _refusal(cut, query)
        return Graph(
            id="graph",
            state=State.EMPTY,
            missing=missing,
            remedy=remedy,
            remedy_to=to,
            left_out=n,
            topics=() if cut.at_ns else ("alerts", "entities"),
        )
    focus = query.get("focus")
    picture = drawn(
        "graph",
        cut.relations,
        cut.refs,
        cut.trouble,
        lit=frozenset({focus}) if focus else frozenset(),
    )
    return msgspec.structs.replace(
        picture,
        says=f"{n} entities, {len(picture.edges)} relations; arrows lead to what is leant on.",
        proof=Proof(
            says="relations seen in spans and events, and those of the catalog",
            n=len(picture.edges),
        ),
        topics=() if cut.at_ns else ("alerts", "entities"),
    )


def _refusal(cut: Cut, query: PageQuery) -> tuple[str, str, str]:
    """Why nothing is drawn, what would help, and the way there."""
    if cut.refs:
        missing = f"{len(cut.refs)} entities: more than {MOST_NODES} cannot be read."
        if _hops(query):
            fewer = str(_hops(query) - 1)
            return (
                missing,
                f"Take {fewer} hops, search for a name, or narrow the scope.",
                query.to("map", q=query.get("q"), focus=query.get("focus"), hops=fewer),
            )
        return missing, "Search for a name, or narrow the scope; the table has them all.", ""
    if query.get("focus") or query.get("q"):
        return "No entity is known by this name.", "Look at what is in trouble.", query.to("map")
    if cut.trouble.entities:
        return cut.says, "Search for a name to see where it stands.", ""
    return "No entity is known: nothing has arrived.", "Send telemetry.", "record"


def _table(cut: Cut, query: PageQuery) -> Table:
    refs = sorted(cut.refs, key=lambda r: (cut.refs[r], rank(cut.trouble.health(r)), r))
    leans: dict[str, set[str]] = {}
    for one in cut.relations:
        leans.setdefault(one.source, set()).add(one.target)
    total, after = len(refs), query.table("entities").after
    start = int(after) if after.isdecimal() and len(after) < 7 else 0
    end = start + ROWS
    return Table(
        id="entities",
        title="The same as a table",
        says="The nearest first, then the worst." if refs else "",
        columns=(
            Column(key="health", title="Health", shows="health"),
            Column(key="entity", title="Entity", shows="entity"),
            Column(key="says", title="Says"),
            Column(key="hops", title="Hops", shows="number", hide_on_phone=True),
            Column(key="leans", title="Leans on", shows="number", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=ref,
                to=entity_to(ref),
                cells={
                    "health": Cell(
                        value=cut.trouble.health(ref).value, health=cut.trouble.health(ref)
                    ),
                    "entity": Cell(value=ref, to=f"map?focus={quote(ref, safe=':/')}"),
                    "says": Cell(value=cut.trouble.says(ref)),
                    "hops": Cell(value=cut.refs[ref]),
                    "leans": Cell(value=len(leans.get(ref, ()))),
                },
            )
            for ref in refs[start:end]
        ),
        next=str(end) if end < total else "",
        previous=str(max(0, start - ROWS)) if start else "",
        total=total,
        topics=() if cut.at_ns else ("alerts", "entities"),
        **({} if refs else _no_rows(cut)),  # type: ignore[arg-type]
    )


def _no_rows(cut: Cut) -> dict[str, object]:
    return {"state": State.EMPTY, "missing": cut.says, "remedy": "Search for a name."}
