"""Recovery: what waits for a person first, then runs, then runbooks with what shadow showed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from opsweave.facts import Approval, Run, RunStatus
from opsweave.pages import (
    Cell,
    Column,
    Health,
    News,
    Page,
    PageQuery,
    Proof,
    Row,
    Section,
    State,
    Table,
    links,
)
from opsweave.practices.aiops.learn import Tally
from opsweave.practices.aiops.pages import run_parts, run_plan, words
from opsweave.practices.aiops.pages.facets import By, faceted
from opsweave.practices.aiops.pages.sources import Sources
from opsweave.record.state import Where
from opsweave.runs.shadow import ShadowScore

ROWS = 30
MOST_WAITING = 50
SORTS = {"state": "urgency", "began": "at", "runbook": "topic"}
FACETS = (By("run_status", "State", "status"), By("runbook", "Runbook", "topic"))
_BARRED = "Needs a token with the scope approve."


def page(sources: Sources, query: PageQuery) -> Page:
    """``recovery``."""
    makers = (
        ("waiting", "Waiting for a decision", waiting),
        ("runs", "Runs", runs),
        ("runbooks", "Runbooks", runbooks),
    )
    return Page(
        path="recovery",
        title="Recovery",
        lead="No action without a plan; autonomy is earned in shadow.",
        sections=tuple(
            Section(id=id_, title=title, widgets=(make(sources, query),))
            for id_, title, make in makers
            if query.wants(id_)
        ),
        timed=False,
    )


def news(sources: Sources) -> News:
    """How many decisions wait."""
    n = sources.store.state.count(Run, Where(status=(RunStatus.WAITING.value,)))
    return News(health=Health.WARNING if n else None, count=n or None)


def waiting(sources: Sources, query: PageQuery) -> Table:
    """Open approvals, the oldest first, each with its plan in words."""
    state = sources.store.state
    found = state.page(Approval, Where(status=("waiting",)), sort="at", limit=MOST_WAITING)
    live = [approval for approval in found.facts if approval.expires_ns > query.now_ns]
    runs_ = {run.id: run for run in state.many(Run, [approval.run for approval in live])}
    asked = [(approval, runs_.get(approval.run)) for approval in live]
    shown = [(one, run) for one, run in asked if run and run.status is RunStatus.WAITING]
    barred = "" if query.may("approve") else _BARRED
    acts = [act for one, run in shown for act in run_parts.decisions(run, one, barred)]
    empty = {
        "state": State.EMPTY,
        "missing": "Nothing waits for a decision.",
        "remedy": "Runs ask when the policy demands it.",
    }
    return Table(
        id="waiting",
        title="Waiting for a decision",
        columns=(
            Column(key="runbook", title="Runbook"),
            Column(key="plan", title="Plan"),
            Column(key="for", title="For"),
            Column(key="asked", title="Asked", shows="time"),
            Column(key="left", title="Left", shows="duration"),
        ),
        rows=tuple(_asked(approval, run, query.now_ns) for approval, run in shown),
        actions=tuple(acts),
        total=None if found.next else len(shown),
        says=f"Of the oldest {MOST_WAITING}; there are more." if found.next else "",
        topics=("approvals", "runs"),
        proof=Proof(says="approvals not expired, of runs that wait for them", n=len(shown)),
        **({} if shown else empty),  # type: ignore[arg-type]
    )


def _asked(approval: Approval, run: Run, now_ns: int) -> Row:
    calls = "; ".join(run_plan.said(call) for call in run.plan.calls) if run.plan else ""
    return Row(
        id=approval.id,
        to=links.run_to(run.id),
        health=Health.WARNING,
        actions=(f"approve-{run.id}", f"reject-{run.id}"),
        cells={
            "runbook": Cell(value=run.pipeline, to=links.runbook_to(run.pipeline)),
            "plan": Cell(value=calls or run.says, hint=f"plan {approval.plan_hash[:12]}"),
            "for": Cell(value=run.cause or run.incident, to=links.incident_to(run.incident)),
            "asked": Cell(value=words.ms(approval.requested_ns)),
            "left": Cell(value=max(0.0, (approval.expires_ns - now_ns) / 1e9)),
        },
    )


def runs(sources: Sources, query: PageQuery, *, id: str = "runs", runbook: str = "") -> Table:
    """A page of runs: what needs a person first, then the newest."""
    state, asked = sources.store.state, query.table(id)
    sort = asked.sort if asked.sort.removeprefix("-") in SORTS else "state"
    column = SORTS[sort.removeprefix("-")]
    base = Where(words=f"{asked.q} {query.scope}".strip())
    chosen = {by.param: query.many(by.param) for by in FACETS}
    if runbook:
        chosen = {"runbook": (runbook,)}
    where = msgspec.structs.replace(
        base, **{by.column: chosen[by.param] for by in FACETS if by.param in chosen}
    )
    order = f"-{column}" if sort.startswith("-") else column
    found = state.page(Run, where, sort=order, after=asked.after, limit=ROWS)
    total, facets = faceted(state, Run, base, FACETS, chosen)
    empty = {
        "state": State.EMPTY,
        "missing": "No run fits." if asked.q or where.status else "No run is on record yet.",
        "remedy": "One is planned when a runbook fits an explained incident.",
    }
    return Table(
        id=id,
        title="Runs",
        columns=(
            Column(key="state", title="State", shows="health", sortable=True),
            Column(key="runbook", title="Runbook", sortable=True),
            Column(key="for", title="For"),
            Column(key="began", title="Began", shows="time", sortable=True),
            Column(key="took", title="Took", shows="duration", hide_on_phone=True),
            Column(key="verified", title="Verified"),
        ),
        rows=tuple(_run(run) for run in found.facts),
        total=total,
        next=found.next,
        sort=sort,
        q=asked.q,
        q_hint="words of a runbook, a cause, a target or an id",
        facets=() if runbook else facets,
        topics=("runs",),
        proof=Proof(says="runs on record under the filters", n=total),
        **({} if total else empty),  # type: ignore[arg-type]
    )


def _run(run: Run) -> Row:
    seen = {
        True: Cell(value="holds", health=Health.GOOD),
        False: Cell(value="does not hold", health=Health.BAD),
    }
    verified = {} if run.verified is None else {"verified": seen[run.verified]}
    took = None if run.ended_ns is None else (run.ended_ns - run.started_ns) / 1e9
    return Row(
        id=run.id,
        to=links.run_to(run.id),
        cells={
            "state": Cell(value=run.status.value, health=words.OF_RUN[run.status], hint=run.says),
            "runbook": Cell(value=run.pipeline, to=links.runbook_to(run.pipeline)),
            "for": Cell(value=run.cause or run.incident, to=links.incident_to(run.incident)),
            "began": Cell(value=words.ms(run.started_ns)),
            "took": Cell(value=took),
            **verified,
        },
    )


def runbooks(sources: Sources, query: PageQuery) -> Table:
    """Each with its learnt weight and what it would have done, with n."""
    scores, weights = sources.scores(), sources.priors().runbooks
    empty = {
        "state": State.EMPTY,
        "missing": "No runbook is loaded.",
        "remedy": "Put YAML of kind recovery into the configuration's folder runbooks.",
    }
    return Table(
        id="runbooks",
        title="Runbooks",
        says="Fixed: share of the judged incidents that it did or would have mended, "
        "at least, at 95 %.",
        columns=(
            Column(key="name", title="Runbook"),
            Column(key="says", title="What it does", hide_on_phone=True),
            Column(key="risk", title="Risk"),
            Column(key="fixed", title="Fixed, at least", shows="ratio"),
            Column(key="n", title="Judged", shows="number"),
            Column(key="harmed", title="Harmed", shows="number"),
            Column(key="weight", title="Learnt weight", shows="number"),
        ),
        rows=tuple(
            _runbook(book.name, book.says, book.risk, scores, weights.get(book.name))
            for book in sources.runbooks
        ),
        total=len(sources.runbooks),
        topics=("runs", "incidents"),
        proof=Proof(
            says="Wilson's lower bound over incidents; one vote an incident, its worst verdict",
            n=sum(score.n for score in scores.values()),
        ),
        **({} if sources.runbooks else empty),  # type: ignore[arg-type]
    )


def _runbook(
    name: str, says: str, risk: str, scores: Mapping[str, ShadowScore], tally: Tally | None
) -> Row:
    score, weight = scores.get(name, ShadowScore()), tally or Tally()
    return Row(
        id=name,
        to=links.runbook_to(name),
        cells={
            "name": Cell(value=name),
            "says": Cell(value=says),
            "risk": Cell(value=risk),
            "fixed": Cell(
                value=score.fixed_lower,
                hint=f"{score.fixed} of {score.n} fixed" if score.n else "Never judged yet.",
            ),
            "n": Cell(value=float(score.n)),
            "harmed": Cell(value=float(score.harmed), health=Health.BAD if score.harmed else None),
            "weight": Cell(
                value=round(weight.weight, 3),
                hint=f"{weight.right} right, {weight.wrong} wrong; 1 without any",
            ),
        },
    )
