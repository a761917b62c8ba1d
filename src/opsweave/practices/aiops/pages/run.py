"""One run: its steps, gates, dry runs, verification and journal."""

from __future__ import annotations

from opsweave.facts import Approval, Run, Shadow, ShadowVerdict
from opsweave.kernel.errors import NotThere
from opsweave.pages import Crumb, Fact, Health, Note, Page, PageQuery, Section, State, links
from opsweave.practices.aiops.pages import run_parts, run_plan, words
from opsweave.practices.aiops.pages.sources import Sources

_OF_SHADOW = {
    ShadowVerdict.FIXED: Health.GOOD,
    ShadowVerdict.HARMED: Health.BAD,
    ShadowVerdict.NEITHER: Health.NEUTRAL,
}


def page(sources: Sources, query: PageQuery) -> Page:
    """``recovery/runs/{id}``; NotThere for one that is not on record."""
    state, id_ = sources.store.state, query.params["id"]
    run = state.get(Run, id_)
    if run is None:
        raise NotThere(f"no run {id_[:100]}", field="id", action="see the list of runs")
    approval = state.get(Approval, run.approval) if run.approval else None
    barred = "" if query.may("approve") else "Needs a token with the scope approve."
    return Page(
        path=query.path,
        title=f"{run.pipeline} for {run.cause or run.incident or 'nobody'}",
        lead=run.says,
        health=words.OF_RUN[run.status],
        health_text=run.status.value,
        crumbs=(Crumb(title="Recovery", to="recovery"),),
        facts=_facts(run),
        actions=run_parts.decisions(run, approval, barred),
        sections=(
            Section(
                id="steps",
                title="Steps",
                widgets=(run_parts.progress(run, approval, barred, now_ns=query.now_ns),),
            ),
            Section(
                id="plan",
                title="Plan",
                widgets=(run_plan.plan(run, span=6), run_parts.verification(run, span=6)),
            ),
            Section(id="diffs", title="Dry run", widgets=tuple(run_plan.diffs(run))),
            Section(id="gates", title="Gates", widgets=(run_parts.gates(run),)),
            Section(id="shadow", title="Shadow", widgets=(_shadow(sources, run),)),
            Section(id="journal", title="Journal", widgets=(run_parts.journal(run),), folded=True),
        ),
        timed=False,
    )


def _facts(run: Run) -> tuple[Fact, ...]:
    ended = run.ended_ns
    took = words.span((ended - run.started_ns) / 1e9) if ended else ""
    return (
        Fact(title="Incident", text=run.incident, to=links.incident_to(run.incident)),
        Fact(title="Runbook", text=run.pipeline, to=links.runbook_to(run.pipeline)),
        Fact(title="Began", at_ms=words.ms(run.started_ns)),
        Fact(title="Took", text=took)
        if ended
        else Fact(title="Runs for", since_ms=words.ms(run.started_ns)),
        Fact(title="Risk", text=run.plan.risk if run.plan else "no plan"),
    )


def _shadow(sources: Sources, run: Run) -> Note:
    verdict = sources.store.state.get(Shadow, f"shadow-{run.id}")
    if verdict is None:
        return Note(
            id="shadow",
            title="What it did, or would have done",
            state=State.EMPTY,
            missing="Not judged yet.",
            remedy="It is judged once its incident is closed.",
        )
    acted = "It acted." if verdict.acted else "It did not act: this is what it would have done."
    return Note(
        id="shadow",
        title=f"What it did, or would have done: {verdict.verdict.value}",
        paragraphs=(acted, verdict.says),
        health=_OF_SHADOW[verdict.verdict],
        proof=words.proof("how the incident ended", verdict.evidence),
    )
