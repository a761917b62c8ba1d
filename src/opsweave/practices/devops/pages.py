"""Delivery, as far as the record goes: deployments, which failed, and how long recovery took."""

from __future__ import annotations

from functools import partial

from opsweave.facts import CauseKind, Change, ChangeKind, Incident
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import (
    Cell,
    Column,
    Health,
    Note,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    Stat,
    State,
    Table,
)
from opsweave.practices.devops.deployments import (
    Deployment,
    DeploymentFigures,
    deployments_of,
    figures,
)
from opsweave.record.state import StateStore, Where

ROWS = 50
MOST = 1_000
"""Deployments that figures are made of, and incidents that may blame one."""
CHANGED = tuple(
    kind.value
    for kind in (
        CauseKind.DEPLOYMENT, CauseKind.CONFIGURATION, CauseKind.FLAG, CauseKind.DATA,
        CauseKind.MODEL, CauseKind.CREDENTIAL, CauseKind.SATURATION, CauseKind.UNKNOWN,
    )
)  # fmt: skip
"""Kinds of cause that a change can be behind."""
NOT_YET = (
    "Lead time for changes: commits are not joined to the deployment that ships them yet.",
    "Rework rate: unplanned deployments are not told from planned ones yet.",
    "Deployment frequency by team: owners of services come from the catalog; none are joined yet.",
)


def pages(state: StateStore) -> list[PageSpec]:
    """``delivery``."""
    return [
        PageSpec(
            pattern="delivery",
            title="Delivery",
            group="Practices",
            key="d",
            order=10,
            make=partial(page, state),
        )
    ]


def page(state: StateStore, query: PageQuery) -> Page:
    """Deployments of the chosen time and scope."""
    where = Where(
        topic=(ChangeKind.DEPLOYMENT.value,),
        since_ns=query.since_ns,
        until_ns=query.until_ns,
        words=query.scope,
    )
    return Page(
        path="delivery",
        title="Delivery",
        lead="What was shipped, what failed, how long recovery took.",
        sections=(
            Section(
                id="figures",
                widgets=_stats(state, query, where) if query.widget != "deployments" else (),
            ),
            Section(
                id="list",
                widgets=(_table(state, query, where),) if query.wants("deployments") else (),
            ),
            Section(
                id="not-yet",
                widgets=(Note(id="not-yet", title="Not there yet", paragraphs=NOT_YET),),
            ),
        ),
    )


def _joined(state: StateStore, changes: tuple[Change, ...]) -> list[Deployment]:
    """Deployments with the incidents that blame them; an incident opens after its cause."""
    if not changes:
        return []
    since = min(change.at_ns for change in changes)
    blaming = state.page(Incident, Where(topic=CHANGED, since_ns=since), sort="at", limit=MOST)
    return deployments_of(changes, blaming.facts)


def _stats(state: StateStore, query: PageQuery, where: Where) -> tuple[Stat, ...]:
    found = state.page(Change, where, limit=MOST)
    made = figures(_joined(state, found.facts))
    total = state.count(Change, where)
    says = "; ".join(one.says for one in made.evidence)
    excluded = {k: n for one in made.evidence for k, n in one.excluded.items() if n}
    if total > len(found.facts):
        excluded["older than the newest thousand"] = total - len(found.facts)
    ids = tuple(f"change:state:{change.id}@1" for change in found.facts[:100])
    proof = Proof(says=says, n=made.deployments, ids=ids, excluded=excluded)
    return tuple(
        Stat(
            id=id_,
            title=title,
            says=says_,
            span=3,
            value=value,
            unit=unit,
            health=health,
            proof=proof,
            topics=("changes", "incidents"),
            **_said(made, value),  # type: ignore[arg-type]
        )
        for id_, title, says_, value, unit, health in _figures(made)
    )


Figure = tuple[str, str, str, float | None, str, Health]


def _figures(made: DeploymentFigures) -> tuple[Figure, ...]:
    bad = Health.WARNING if made.failed else Health.GOOD
    plain = Health.NEUTRAL
    backs = f"without {made.rollbacks} rollbacks"
    return (
        ("shipped", "Deployments", backs, float(made.deployments), "", plain),
        ("failed", "Failed", "an incident names it as first cause", float(made.failed), "", bad),
        ("rate", "Change fail rate", "failed of all", made.change_fail_rate, "%", bad),
        (
            "recovery",
            "Failed deployment recovery time",
            "median from its finish to the incident's recovery",
            made.recovery_s,
            "s",
            plain,
        ),
    )


def _said(made: DeploymentFigures, value: float | None) -> dict[str, object]:
    if not made.deployments:
        return {
            "state": State.EMPTY,
            "missing": "No deployment is on record in this time and scope.",
            "remedy": "Look at thirty days, or send deployments (CDEvents, webhooks, Kubernetes).",
            "remedy_to": "delivery?since=-30d",
        }
    return {} if value is not None else _calm()


def _not_yet() -> Note:
    return Note(id="not-yet", title="Not there yet", paragraphs=NOT_YET)


def _calm() -> dict[str, object]:
    missing = (
        "No deployment of this time failed and recovered: there is nothing to take a median of."
    )
    return {"state": State.EMPTY, "missing": missing}


def _table(state: StateStore, query: PageQuery, where: Where) -> Table:
    asked = query.table("deployments")
    searched = Where(
        topic=where.topic,
        since_ns=where.since_ns,
        until_ns=where.until_ns,
        words=f"{where.words} {asked.q}".strip(),
    )
    found = state.page(Change, searched, after=asked.after, limit=ROWS)
    total = state.count(Change, searched)
    none = {
        "state": State.EMPTY,
        "missing": "No deployment fits the time, the scope and the search.",
        "remedy": "Look at thirty days.",
        "remedy_to": "delivery?since=-30d",
    }
    return Table(
        id="deployments",
        title="Deployments",
        says="Newest first.",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="what", title="What"),
            Column(key="entity", title="Of", shows="entity"),
            Column(key="version", title="Version", hide_on_phone=True),
            Column(key="author", title="By", hide_on_phone=True),
            Column(key="at", title="When", shows="time"),
            Column(key="incident", title="Incident"),
            Column(key="recovery", title="Recovered after", shows="duration"),
        ),
        rows=tuple(_row(one) for one in _joined(state, found.facts)),
        total=total,
        next=found.next,
        q=asked.q,
        q_hint="words of an entity, a version, an author",
        topics=("changes", "incidents"),
        proof=Proof(says="changes of kind deployment on record", n=total),
        **({} if total else none),  # type: ignore[arg-type]
    )


def _row(one: Deployment) -> Row:
    change = one.change
    word, health = ("failed", Health.BAD) if one.failed else ("not blamed", Health.GOOD)
    if one.rollback:
        word, health = "rollback", Health.NEUTRAL
    versions = [version for version in (change.version_from, change.version_to) if version]
    return Row(
        id=change.id,
        to=f"changes/{change.id}",
        health=health,
        cells={
            "state": Cell(value=word, health=health),
            "what": Cell(value=change.summary or change.id, hint=f"told by {change.source}"),
            "entity": Cell(value=change.entity, to=f"entities/{change.entity}"),
            "version": Cell(value=" -> ".join(versions) or None),
            "author": Cell(value=change.author or None),
            "at": Cell(value=change.at_ns / MILLISECOND),
            **(_blame(one) if one.failed else {}),
        },
    )


def _blame(one: Deployment) -> dict[str, Cell]:
    """Of one that failed; "no data" where it has not recovered yet."""
    return {
        "incident": Cell(value=one.incident, to=f"incidents/{one.incident}"),
        "recovery": Cell(value=one.recovery_s),
    }
