"""One change: what was touched, what its entity did before and after, who suspects it."""

from __future__ import annotations

from typing import Any

import msgspec

from opsweave.facts import Change, Incident
from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import NotThere
from opsweave.pages import (
    AnyWidget,
    Cell,
    Column,
    Diff,
    Fact,
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
from opsweave.pages.links import entity_to, incident_to
from opsweave.record.state import Where
from opsweave.server.console.pages.series import main_series, marks_of
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.tables import changes_table
from opsweave.server.console.pages.words import ms, name_of, proof_of
from opsweave.server.mask import masked

MOST = 50
MOST_SUSPECTING = 200
NEAR_NS = 1_800 * SECOND
_TAIL = 4_000


def spec(sources: Sources) -> PageSpec:
    """``changes/{id}``; ids of some sources hold slashes."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(pattern="changes/{id...}", title="Change", make=make)


def page(sources: Sources, query: PageQuery) -> Page:
    """Raises NotThere."""
    id_ = query.params["id"]
    change = sources.state.get(Change, id_)
    if change is None:
        raise NotThere(f"no change {id_[:100]}", field="change", action="find it by its words")
    around = msgspec.structs.replace(
        query,
        since_ms=(change.at_ns - NEAR_NS) / 1e6,
        until_ms=min(query.now_ms, ((change.finished_ns or change.at_ns) + NEAR_NS) / 1e6),
    )
    near = sources.state.find(
        Change,
        entity=change.entity,
        since_ns=around.since_ns,
        until_ns=around.until_ns,
        limit=MOST + 1,
    )
    others = [one for one in near if one.id != change.id][:MOST]
    suspects = _suspecting(sources, change)
    blamed = any(row.cells["place"].value == "first cause" for row in suspects.rows)
    return Page(
        path=query.path,
        title=change.summary or f"{change.kind.value} {change.version_to or change.id}",
        health=Health.BAD if blamed else Health.NEUTRAL,
        health_text="the first cause of an incident" if blamed else change.outcome,
        facts=_facts(change),
        sections=(
            Section(id="touched", title="What was touched", widgets=_touched(change)),
            Section(
                id="series",
                title=f"What {name_of(change.entity)} did, half an hour before and after",
                widgets=_series(sources, around, change, others),
            ),
            Section(id="suspects", widgets=(suspects,)),
            Section(
                id="near",
                widgets=(
                    changes_table(
                        "near",
                        others,
                        "Nothing else changed it within half an hour.",
                        more=len(near) > MOST,
                        title="Beside it",
                        remedy="See all that changed it on its own page.",
                        remedy_to=entity_to(change.entity),
                    ),
                ),
            ),
        ),
        timed=False,
    )


def _facts(change: Change) -> tuple[Fact, ...]:
    shown = [
        Fact(title="Kind", text=change.kind.value.replace("_", " ")),
        Fact(title="Of", text=change.entity, to=entity_to(change.entity)),
        Fact(title="When", at_ms=ms(change.at_ns)),
    ]
    if change.finished_ns:
        shown.append(Fact(title="Finished", at_ms=ms(change.finished_ns)))
    versions = " to ".join(v for v in (change.version_from, change.version_to) if v)
    more = {
        "Version": versions,
        "Who": change.author,
        "From": change.source,
        "Made by": change.caused_by,
        "Id": change.id,
    }
    return (*shown, *(Fact(title=title, text=text) for title, text in more.items() if text))


def _touched(change: Change) -> tuple[AnyWidget, ...]:
    keys = change.details.get("keys")
    out: list[AnyWidget] = []
    if isinstance(keys, dict) and keys:
        before, after = _sides(keys)
        out.append(Diff(id="diff", title="Keys", before=masked(before), after=masked(after)))
    rest = {name: value for name, value in change.details.items() if name != "keys"}
    if rest:
        text = msgspec.json.format(msgspec.json.encode(rest, enc_hook=str), indent=2).decode()
        out.append(Note(id="details", title="Its source says", code=masked(text)[:_TAIL]))
    if change.files:
        lines = f"+{change.lines_added} -{change.lines_deleted}"
        files = "\n".join(change.files)[:_TAIL]
        out.append(Note(id="files", title=f"{len(change.files)} files, {lines}", code=files))
    if change.commits:
        title = f"{len(change.commits)} commits"
        out.append(Note(id="commits", title=title, code="\n".join(change.commits)[:_TAIL]))
    if out:
        return tuple(out)
    note = Note(
        id="details",
        state=State.EMPTY,
        missing=f"{change.source} does not say what was touched.",
        remedy="Send files, commits or keys with the change.",
    )
    return (note,)


def _sides(keys: dict[str, Any]) -> tuple[str, str]:
    """``{"pool.size": ["16", "4"]}`` as two texts."""
    before, after = [], []
    for key, values in sorted(keys.items()):
        pair = values if isinstance(values, list | tuple) and len(values) == 2 else ("?", values)
        before.append(f"{key}: {pair[0]}")
        after.append(f"{key}: {pair[1]}")
    return "\n".join(before), "\n".join(after)


def _series(
    sources: Sources, around: PageQuery, change: Change, others: list[Change]
) -> tuple[AnyWidget, ...]:
    found = main_series(
        sources.telemetry, change.entity, around, marks_of([change, *others], ()), change.at_ns
    )
    if found:
        return found
    note = Note(
        id="no-series",
        state=State.EMPTY,
        missing=f"No spans and no metrics of {change.entity} around this time.",
        remedy="They may have expired: see what is kept.",
        remedy_to="settings",
    )
    return (note,)


def _suspecting(sources: Sources, change: Change) -> Table:
    """Incidents that name it among their causes or put it aside."""
    where = Where(since_ns=change.at_ns - NEAR_NS)
    found = sources.state.page(Incident, where, sort="at", limit=MOST_SUSPECTING)
    rows, named = [], []
    for incident in found.facts:
        place, says = _place(incident, change.id)
        if place:
            named.append(incident)
            health = Health.BAD if place == "first cause" else Health.NEUTRAL
            rows.append(
                Row(
                    id=incident.id,
                    to=incident_to(incident.id),
                    cells={
                        "place": Cell(value=place, health=health),
                        "what": Cell(value=incident.title or incident.id),
                        "says": Cell(value=says),
                        "at": Cell(value=ms(incident.started_ns or incident.opened_ns)),
                    },
                )
            )
    return Table(
        id="suspects",
        title="Incidents that consider it",
        says=f"Of the {MOST_SUSPECTING} that began next to it." if found.next else "",
        columns=(
            Column(key="place", title="As", shows="health"),
            Column(key="what", title="Incident"),
            Column(key="says", title="Because"),
            Column(key="at", title="Began", shows="time"),
        ),
        rows=tuple(rows),
        total=None if found.next else len(rows),
        proof=proof_of("incidents since half an hour before it", named),
        topics=("incidents",),
        state=State.OK if rows else State.EMPTY,
        missing="" if rows else "No incident names it, neither as a cause nor as dismissed.",
        remedy="" if rows else "See the incidents of its time.",
        remedy_to="" if rows else "incidents?view=all",
    )


def _place(incident: Incident, change: str) -> tuple[str, str]:
    for number, cause in enumerate(incident.causes, start=1):
        if cause.change == change:
            return ("first cause" if number == 1 else f"cause {number}"), cause.says
    for one in incident.dismissed:
        if one.change == change:
            return "dismissed", one.reason
    return "", ""
