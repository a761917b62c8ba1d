"""One cell of the matrix each: the number that matters of a practice at a stage, and its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opsweave.facts import ChangeKind, RunStatus, ShadowVerdict
from opsweave.pages import Health, MatrixCell
from opsweave.pages.links import slo_to
from opsweave.practices.devops.deployments import figures, said_failed
from opsweave.practices.sre.looks import left
from opsweave.server.console.pages.overview.facts import Facts

Cell = Callable[[Facts], MatrixCell]
NO_DATA = "no data"


def _none(says: str, to: str = "") -> MatrixCell:
    return MatrixCell(health=Health.UNKNOWN, text=NO_DATA, says=says, to=to)


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _changes(facts: Facts, kinds: Sequence[ChangeKind], noun: str, send: str) -> MatrixCell:
    found = facts.changed(*kinds)
    if not found.n:
        return _none(f"No {noun} arrived in this time. {send}", "record")
    failed = [change for change in found.newest if said_failed(change)]
    health = Health.WARNING if failed else Health.GOOD
    text = _counted(found.n, noun, f"{noun}s")
    if failed:
        text += f", {len(failed)} failed"
    says = "changes of the record, in this time"
    if found.n > len(found.newest):
        says += f"; which failed is known of the newest {len(found.newest):,}"
    return MatrixCell(health=health, text=text, says=says)


def commits(facts: Facts) -> MatrixCell:
    return _changes(facts, (ChangeKind.COMMIT,), "commit", "Send CDEvents or a webhook of git.")


def builds(facts: Facts) -> MatrixCell:
    kinds = (ChangeKind.BUILD, ChangeKind.ARTIFACT)
    return _changes(facts, kinds, "build", "Send CDEvents of the build system.")


def deployments(facts: Facts) -> MatrixCell:
    found = figures(facts.shipped.deployments)
    if not found.deployments and not found.rollbacks:
        return _none("No deployment arrived in this time. Send CDEvents or a webhook.", "record")
    text = _counted(found.deployments, "deployment", "deployments")
    text += f", {found.failed} failed" if found.failed else ""
    says = "a deployment failed when an incident names it as its first cause, or its source says so"
    for reason, n in facts.shipped.excluded.items():
        says += f"; {n:,} left out: {reason}"
    return MatrixCell(
        health=Health.BAD if found.failed else Health.GOOD,
        text=text,
        says=says,
        to=facts.query.to("delivery"),
    )


def settings(facts: Facts) -> MatrixCell:
    kinds = (ChangeKind.CONFIGURATION, ChangeKind.FLAG, ChangeKind.SCALING, ChangeKind.CREDENTIAL)
    return _changes(facts, kinds, "configuration change", "Send CDEvents or a webhook.")


def recovery(facts: Facts) -> MatrixCell:
    found = figures(facts.shipped.deployments)
    if found.recovery_s is None:
        return _none("No failed deployment has recovered in this time.", facts.query.to("delivery"))
    return MatrixCell(
        health=Health.NEUTRAL,
        text=f"{found.recovery_s / 60:.0f} min to recover",
        says="median from a failed deployment's finish to its incident's recovery",
        to=facts.query.to("delivery"),
    )


def objectives(facts: Facts) -> MatrixCell:
    if not facts.slos:
        return _none("No objective is configured: write slos.yaml.", "reliability")
    n = len(facts.slos)
    text = _counted(n, "objective", "objectives")
    return MatrixCell(
        health=Health.NEUTRAL, text=text, says="of slos.yaml, in scope", to="reliability"
    )


def incidents(facts: Facts) -> MatrixCell:
    n = facts.open_incidents
    if not n and not facts.trouble.entities:
        return _none("Nothing has arrived yet, so nothing can be in trouble.", "record")
    text = _counted(n, "open incident", "open incidents")
    health = Health.BAD if n else Health.GOOD
    return MatrixCell(health=health, text=text, says="incidents that are not over", to="incidents")


def budgets(facts: Facts) -> MatrixCell:
    known = [s for s in facts.slos if s.budget.remaining is not None]
    if not known:
        return _none("No objective has events in its window.", "reliability")
    worst = min(known, key=lambda s: s.budget.remaining or 0.0)
    remaining = worst.budget.remaining
    return MatrixCell(
        health=left(remaining),
        text=f"{max(0.0, remaining or 0.0):.0%} budget left",
        says=f"the least left: {worst.slo.name} of {worst.slo.entity}",
        to=slo_to(worst.slo.id),
    )


def data_versions(facts: Facts) -> MatrixCell:
    return _changes(
        facts,
        (ChangeKind.DATA_VERSION, ChangeKind.SCHEMA),
        "data version",
        "Send data versions and schema changes as CloudEvents.",
    )


def model_versions(facts: Facts) -> MatrixCell:
    return _changes(
        facts, (ChangeKind.MODEL_VERSION,), "model version", "Send them as CloudEvents."
    )


def caused_by(kind: str, noun: str) -> Cell:
    """Open incidents whose first cause is of this kind."""

    def cell(facts: Facts) -> MatrixCell:
        found = [i for i in facts.incidents if i.causes and i.causes[0].kind.value == kind]
        if not found:
            says = f"No open incident has {noun} as its first cause; nothing else watches it yet."
            return _none(says)
        return MatrixCell(
            health=Health.BAD,
            text=_counted(len(found), "open incident", "open incidents"),
            says=f"whose first cause is {noun}",
            to=f"incidents?cause={kind}",
        )

    return cell


def runbooks(facts: Facts) -> MatrixCell:
    n = len(facts.sources.configuration.runbooks)
    if not n:
        return _none("No runbook is configured.", "recovery")
    text = _counted(n, "runbook", "runbooks")
    return MatrixCell(health=Health.NEUTRAL, text=text, says="that are loaded", to="recovery")


def shadows(facts: Facts) -> MatrixCell:
    if not facts.shadows:
        return _none("No run was judged in this time.", "recovery")
    harmed = sum(one.verdict is ShadowVerdict.HARMED for one in facts.shadows)
    fixed = sum(one.verdict is ShadowVerdict.FIXED for one in facts.shadows)
    return MatrixCell(
        health=Health.WARNING if harmed else Health.GOOD,
        text=f"{fixed} of {len(facts.shadows)} would fix",
        says=f"runs judged by how their incidents ended; {harmed} would have harmed",
        to="recovery",
    )


def approvals(facts: Facts) -> MatrixCell:
    n = facts.waiting
    text = _counted(n, "approval waits", "approvals wait") if n else "none waits"
    health = Health.WARNING if n else Health.GOOD
    return MatrixCell(health=health, text=text, says="plans for somebody to decide", to="recovery")


def runs(facts: Facts) -> MatrixCell:
    acted = [run for run in facts.runs if run.verified is not None]
    if not acted:
        return _none("No recovery acted in this time.", "recovery")
    good = sum(run.status is RunStatus.SUCCEEDED for run in acted)
    return MatrixCell(
        health=Health.GOOD if good == len(acted) else Health.WARNING,
        text=f"{good} of {len(acted)} recovered",
        says="runs that acted and were verified, in this time",
        to="recovery",
    )


def alerts(facts: Facts) -> MatrixCell:
    trouble = facts.trouble
    if not trouble.entities:
        return _none("Nothing is watched: no telemetry has arrived.", "record")
    n = facts.firing_n
    return MatrixCell(
        health=Health.WARNING if n else Health.GOOD,
        text=_counted(n, "alert fires", "alerts fire") if n else "no alert fires",
        says=f"over {len(trouble.entities)} entities",
        to="map",
    )


def not_yet(what: str) -> Cell:
    """A stage that Opsweave does not serve."""

    def cell(facts: Facts) -> MatrixCell:
        return MatrixCell(
            health=Health.UNKNOWN, text="not there yet", says=f"{what}: Opsweave has no room for it"
        )

    return cell
