"""One entity: how it is, what speaks of it, what it did, what stands around it."""

from __future__ import annotations

from opsweave.facts import Alert, Change, Entity, Incident
from opsweave.graph.graph import entity_of
from opsweave.graph.snapshot import Snapshot
from opsweave.kernel.errors import NotThere
from opsweave.pages import (
    AnyWidget,
    Cell,
    Column,
    Crumb,
    Fact,
    Graph,
    Health,
    Note,
    Page,
    PageQuery,
    PageSpec,
    Row,
    Section,
    State,
    Table,
)
from opsweave.pages.links import slo_to
from opsweave.practices.sre.looks import burning, left
from opsweave.practices.sre.service import SloState
from opsweave.record.state import Where
from opsweave.server.console.pages.drawing import MOST_NODES, around, drawn
from opsweave.server.console.pages.series import main_series, marks_of
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.tables import alerts_table, changes_table, incidents_table
from opsweave.server.console.pages.trouble import Trouble
from opsweave.server.console.pages.words import ms, name_of

MOST = 50
WORDS = {
    Health.GOOD: "no alert fires",
    Health.WARNING: "unusual",
    Health.BAD: "in trouble",
    Health.UNKNOWN: "no data",
}


def spec(sources: Sources) -> PageSpec:
    """``entities/{ref...}``."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(pattern="entities/{ref...}", title="Entity", make=make)


def page(sources: Sources, query: PageQuery) -> Page:
    """Raises NotThere for one that was never seen."""
    ref = query.params["ref"]
    trouble = sources.troubles.now(query.now_ns)
    entity = trouble.entities.get(ref) or sources.graph.snapshot().entities.get(ref)
    entity = entity or _named(sources, ref)
    if entity is None:
        raise NotThere(f"no entity {ref}", field="entity", action="find it by a part of its name")
    health = trouble.health(ref)
    return Page(
        path=query.path,
        title=name_of(ref),
        lead=ref,
        health=health,
        health_text=WORDS.get(health, health.value),
        crumbs=(Crumb(title="Map", to=query.to("map", focus=ref)),),
        facts=_facts(entity, trouble.owners.get(ref, "")),
        sections=_sections(sources, query, entity, trouble),
    )


def _named(sources: Sources, ref: str) -> Entity | None:
    """One that never showed itself, but that a change, an alert or an objective names."""
    where = Where(entity=(ref,))
    named = (
        any(slo.entity == ref for slo in sources.slos.slos)
        or sources.state.count(Change, where)
        or sources.state.count(Alert, where)
    )
    return entity_of(ref, 0) if named else None


def _facts(entity: Entity, owner: str) -> tuple[Fact, ...]:
    shown = [
        Fact(title="Kind", text=entity.kind.replace("_", " ")),
        Fact(title="Environment", text=entity.environment),
        Fact(title="Namespace", text=entity.namespace),
    ]
    if owner:
        shown.append(Fact(title="Owner", text=owner))
    if entity.outside:
        shown.append(Fact(title="Outside", text="not under our control"))
    if entity.first_seen_ns:
        shown.append(Fact(title="First seen", at_ms=ms(entity.first_seen_ns)))
    if entity.last_seen_ns:
        shown.append(Fact(title="Last seen", at_ms=ms(entity.last_seen_ns)))
    return tuple(shown)


def _sections(
    sources: Sources, query: PageQuery, entity: Entity, trouble: Trouble
) -> tuple[Section, ...]:
    ref, state = entity.ref, sources.state
    changes = state.find(
        Change, entity=ref, since_ns=query.since_ns, until_ns=query.until_ns, limit=MOST + 1
    )
    more_changes, changes = len(changes) > MOST, changes[:MOST]
    naming = state.page(Incident, Where(words=ref), limit=MOST)
    incidents = [
        one
        for one in naming.facts
        if ref in one.entities or any(cause.entity == ref for cause in one.causes[:1])
    ]
    alerts = state.find(Alert, entity=ref, since_ns=query.since_ns, limit=MOST + 1)
    more_alerts, alerts = len(alerts) > MOST, alerts[:MOST]
    firing = [a for a in trouble.alerts.get(ref, ()) if all(a.id != b.id for b in alerts)]
    slos = [one for one in sources.slos.states() if one.slo.entity == ref]
    alerted = alerts_table(
        "alerts",
        [*firing, *alerts],
        query.now_ns,
        "No alert spoke of it in this time.",
        more=more_alerts,
    )
    did = _series(sources, query, ref, changes, incidents)
    changed = changes_table(
        "changes", changes, "Nothing changed it in this time.", more=more_changes
    )
    touched = incidents_table(
        "incidents",
        incidents,
        query.now_ns,
        "No incident has touched it.",
        more=bool(naming.next),
    )
    around_it = (_around(sources, query, ref, trouble),)
    wanted = [
        Section(id="alerts", widgets=(alerted,)),
        Section(id="series", title="What it did", widgets=did),
        Section(id="around", title="What stands around it", widgets=around_it),
        Section(id="changes", widgets=(changed,)),
        Section(id="incidents", widgets=(touched,)),
    ]
    if slos:
        wanted.insert(1, Section(id="slos", widgets=(_slos(slos),)))
    return tuple(wanted)


def _series(
    sources: Sources, query: PageQuery, ref: str, changes: list[Change], incidents: list[Incident]
) -> tuple[AnyWidget, ...]:
    if query.widget in {"alerts", "changes", "incidents", "graph", "slos"}:
        return ()
    during = [
        one
        for one in incidents
        if (one.recovered_ns or one.closed_ns or query.now_ns) >= query.since_ns
    ]
    found = main_series(sources.telemetry, ref, query, marks_of(changes, during))
    if found:
        return found
    note = Note(
        id="no-series",
        state=State.EMPTY,
        missing="No spans and no metrics of it in this time.",
        remedy="Choose a longer time, or look at what arrives.",
        remedy_to="record",
    )
    return (note,)


def _around(sources: Sources, query: PageQuery, ref: str, trouble: Trouble) -> Graph:
    snapshot = sources.graph.snapshot()
    refs = around(Snapshot(trouble.entities, snapshot.relations), [ref], 1)
    if len(refs) > MOST_NODES:
        return Graph(
            id="graph",
            state=State.EMPTY,
            missing=f"{len(refs) - 1} entities stand beside it: more than can be read.",
            remedy="See them as a table.",
            remedy_to=query.to("map", focus=ref),
            left_out=len(refs),
        )
    if len(refs) == 1:
        return Graph(
            id="graph",
            state=State.EMPTY,
            missing="No relation of it is known.",
            remedy="Relations are seen in spans with their callers, or told by the catalog.",
        )
    return drawn("graph", snapshot.relations, refs, trouble, lit=frozenset({ref}))


def _slos(slos: list[SloState]) -> Table:
    return Table(
        id="slos",
        title="Objectives",
        columns=(
            Column(key="name", title="Objective"),
            Column(key="target", title="Target", shows="ratio"),
            Column(key="left", title="Budget left", shows="ratio"),
            Column(key="burn", title="Burn rate", shows="number"),
            Column(key="trend", title="Since start", shows="sparkline", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=one.slo.id,
                to=slo_to(one.slo.id),
                cells={
                    "name": Cell(value=one.slo.name),
                    "target": Cell(value=one.slo.target),
                    "left": Cell(value=one.budget.remaining, health=left(one.budget.remaining)),
                    "burn": Cell(value=one.budget.burn_rate, health=burning(one.budget.burn_rate)),
                    "trend": Cell(trend=tuple(b.remaining for b in one.history[-40:])),
                },
            )
            for one in slos
        ),
        total=len(slos),
        topics=("slos",),
    )
