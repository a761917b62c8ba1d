"""The list of incidents: a page at a time, the worst first, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from opsweave.facts import Incident, IncidentStatus
from opsweave.pages import (
    Action,
    Cell,
    Column,
    Control,
    Health,
    Option,
    Page,
    PageQuery,
    Proof,
    Row,
    Section,
    State,
    Table,
    links,
)
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.facets import By, faceted
from opsweave.practices.aiops.pages.sources import Sources
from opsweave.practices.aiops.store import LIVE
from opsweave.record.state import StateStore, Where

ROWS = 50
SORTS = {"state": "urgency", "severity": "severity", "began": "at", "status": "status"}
"""Column -> order of the store."""
FACETS = (
    By("status", "State", "status"),
    By("severity", "Severity", "severity"),
    By("place", "Namespace", "places"),
    By("cause", "Cause", "topic"),
)
VIEWS = (
    ("live", "Live", tuple(s.value for s in LIVE)),
    ("mine", "Mine", tuple(s.value for s in LIVE)),
    ("over", "Over", (IncidentStatus.RECOVERED.value, IncidentStatus.CLOSED.value)),
    ("all", "All", ()),
)
COLUMNS = (
    Column(key="state", title="State", shows="health", sortable=True),
    Column(key="title", title="What"),
    Column(key="cause", title="First cause"),
    Column(key="began", title="Began", shows="time", sortable=True),
    Column(key="lasted", title="Lasted", shows="duration", hide_on_phone=True),
    Column(key="alerts", title="Alerts", shows="number", hide_on_phone=True),
    Column(key="owners", title="Who", hide_on_phone=True),
)
ACTIONS = (
    ("acknowledge", "Acknowledge", "a", "", ""),
    ("assign", "Give to ...", "t", "", "to"),
    ("noise", "Noise", "x", "Call them noise? They will be closed.", ""),
    ("close", "Close", "c", "Close them? They cannot be opened again.", "note"),
)


def page(sources: Sources, query: PageQuery) -> Page:
    """``incidents``; parameters: view, status, severity, place, cause, and the table's own."""
    return Page(
        path="incidents",
        title="Incidents",
        controls=(
            Control(
                param="view",
                title="View",
                value=view_of(query),
                options=tuple(Option(value=key, title=title) for key, title, _ in VIEWS),
            ),
        ),
        sections=(Section(id="list", widgets=(table(sources, query),)),),
        timed=False,
    )


def view_of(query: PageQuery) -> str:
    """The saved view; live by default."""
    chosen = query.get("view", "live")
    return chosen if chosen in {key for key, _, _ in VIEWS} else "live"


def where_of(query: PageQuery) -> Where:
    """All filters of the page."""
    chosen = {by.column: query.many(by.param) for by in FACETS if query.many(by.param)}
    chosen.setdefault("status", _statuses(query))
    return msgspec.structs.replace(_base(query), **chosen)


def _statuses(query: PageQuery) -> tuple[str, ...]:
    return next(statuses for key, _, statuses in VIEWS if key == view_of(query))


def _base(query: PageQuery) -> Where:
    """Filters that are no facets: search, scope, and one's own."""
    mine = query.who if view_of(query) == "mine" else ""
    return Where(words=f"{query.table('incidents').q} {query.scope}".strip(), owner=mine)


def table(sources: Sources, query: PageQuery) -> Table:
    """One page of rows with what can be done to them."""
    state, asked = sources.store.state, query.table("incidents")
    sort = asked.sort if asked.sort.removeprefix("-") in SORTS else "state"
    column = SORTS[sort.removeprefix("-")]
    where = where_of(query)
    order = f"-{column}" if sort.startswith("-") else column
    found = state.page(Incident, where, sort=order, after=asked.after, limit=ROWS)
    chosen = {by.param: query.many(by.param) for by in FACETS}
    within = {"status": _statuses(query)}
    total, facets = faceted(state, Incident, _base(query), FACETS, chosen, within)
    empty = _empty(state, where, query) if not total else {}
    return Table(
        id="incidents",
        says="The worst first; what is over comes last." if sort == "state" else "",
        columns=COLUMNS,
        rows=tuple(_row(incident, query.now_ns) for incident in found.facts),
        total=total,
        next=found.next,
        sort=sort,
        q=asked.q,
        q_hint="words of the title, an entity, a cause, an id, a name",
        facets=facets,
        actions=_actions(query),
        bulk=tuple(id_ for id_, *_ in ACTIONS),
        proof=Proof(says="incidents kept in the record, under the filters", n=total),
        topics=("incidents",),
        **empty,  # type: ignore[arg-type]
    )


def _empty(state: StateStore, where: Where, query: PageQuery) -> dict[str, object]:
    everything = state.count(Incident, Where())
    if not everything:
        missing = "No incident has been opened yet."
        remedy = "One opens when an alert says that users feel something: send telemetry or alerts."
        return {"state": State.EMPTY, "missing": missing, "remedy": remedy, "remedy_to": "record"}
    if view_of(query) == "live" and where == Where(status=where.status):
        missing = f"No incident is live; {everything} are over."
        return {
            "state": State.EMPTY,
            "missing": missing,
            "remedy": "Look at those that are over.",
            "remedy_to": "incidents?view=over",
        }
    return {
        "state": State.EMPTY,
        "missing": f"None of {everything} incidents fits the filters.",
        "remedy": "Take the filters away.",
        "remedy_to": "incidents?view=all",
    }


def _actions(query: PageQuery) -> tuple[Action, ...]:
    why = "" if query.may("approve") else "Needs a token with the scope approve."
    return tuple(
        Action(
            id=id_,
            title=title,
            path="incidents/actions",
            body={"verb": id_},
            key=key,
            confirm=confirm,
            ask=ask,
            danger=id_ in ("noise", "close"),
            disabled=why,
        )
        for id_, title, key, confirm, ask in ACTIONS
    )


def _row(incident: Incident, now_ns: int) -> Row:
    top = incident.causes[0] if incident.causes else None
    health = words.of_incident(incident)
    over = incident.status is IncidentStatus.CLOSED
    return Row(
        id=incident.id,
        to=links.incident_to(incident.id),
        health=health,
        actions=() if over else tuple(id_ for id_, *_ in ACTIONS),
        cells={
            "state": Cell(
                value=f"{incident.status.value}, {incident.severity.value}", health=health
            ),
            "title": Cell(value=incident.title or incident.id, hint=incident.id),
            "cause": Cell(
                value=_cause(incident),
                hint=top.says if top else "Nothing is sure enough yet.",
                to=links.entity_to(top.entity) if top else "",
            ),
            "began": Cell(value=words.ms(incident.started_ns or incident.opened_ns)),
            "lasted": Cell(value=words.lasted_s(incident, now_ns)),
            "alerts": Cell(value=float(len(incident.alerts))),
            "owners": Cell(
                value=", ".join(incident.owners) or "nobody",
                health=Health.WARNING if not incident.owners and not over else None,
                hint="" if incident.owners else "Nobody has acknowledged it.",
            ),
        },
    )


def _cause(incident: Incident) -> str:
    if not incident.causes:
        return "none named yet"
    top = incident.causes[0]
    return f"{top.kind.value} of {words.name(top.entity)}"


def view_to(view: str, **filters: Sequence[str] | str) -> str:
    """A link to a view of the list with filters."""
    return f"incidents?{urlencode({'view': view, **filters}, doseq=True)}"
