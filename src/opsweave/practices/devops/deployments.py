"""Deployment records: which deployments failed, and how long recovery took.

A deployment *failed* when an incident names it as its first cause. Failed deployment recovery time
is from the deployment's finish to the incident's recovery (DORA, guide of 2026); an incident that
no change caused is not counted against any deployment.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from opsweave.facts import Change, ChangeKind, Evidence, Incident
from opsweave.kernel.clock import SECOND

SHIPS = frozenset({ChangeKind.DEPLOYMENT})
ROLLBACK = "rollback"


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """One deployment with what became of it. ``recovery_s`` None: not failed, or not recovered."""

    change: Change
    failed: bool
    rollback: bool
    incident: str | None = None
    recovery_s: float | None = None
    evidence: tuple[Evidence, ...] = ()


class DeploymentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over a set of deployments; None is *no data*. Rollbacks are no deployments of work.

    ``change_fail_rate`` = failed / deployments; ``recovery_s`` is the median over recovered ones.
    """

    deployments: int
    failed: int
    rollbacks: int
    change_fail_rate: float | None
    recovery_s: float | None
    evidence: tuple[Evidence, ...] = ()


def is_rollback(change: Change) -> bool:
    """Whether the change brings back what ran before, by its source's own word."""
    return change.outcome == ROLLBACK or bool(change.details.get("rollback"))


def deployments_of(changes: Iterable[Change], incidents: Iterable[Incident]) -> list[Deployment]:
    """Every deployment, newest first, joined to the incident that blames it."""
    blamed: dict[str, Incident] = {}
    for incident in sorted(incidents, key=lambda item: item.opened_ns):
        if incident.causes and incident.causes[0].change:
            blamed.setdefault(incident.causes[0].change, incident)
    ships = sorted((c for c in changes if c.kind in SHIPS), key=lambda c: -c.at_ns)
    return [_record(change, blamed.get(change.id)) for change in ships]


def _record(change: Change, incident: Incident | None) -> Deployment:
    recovery = None
    evidence = [Evidence(id=f"change:state:{change.id}@1", says=change.summary or change.id)]
    if incident is not None:
        evidence.append(
            Evidence(
                id=f"incident:state:{incident.id}@{incident.version}",
                says=f"names it as first cause: {incident.title}",
            )
        )
        if incident.recovered_ns is not None:
            finished = change.finished_ns or change.at_ns
            recovery = max(0.0, (incident.recovered_ns - finished) / SECOND)
    return Deployment(
        change=change,
        failed=incident is not None,
        rollback=is_rollback(change),
        incident=incident.id if incident else None,
        recovery_s=recovery,
        evidence=tuple(evidence),
    )


def figures(deployments: list[Deployment]) -> DeploymentFigures:
    """Change fail rate and failed deployment recovery time over ``deployments``."""
    shipped = [item for item in deployments if not item.rollback]
    failed = [item for item in shipped if item.failed]
    times = sorted(item.recovery_s for item in failed if item.recovery_s is not None)
    middle = None
    if times:
        half = len(times) // 2
        middle = times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2
    open_ones = len(failed) - len(times)
    return DeploymentFigures(
        deployments=len(shipped),
        failed=len(failed),
        rollbacks=len(deployments) - len(shipped),
        change_fail_rate=len(failed) / len(shipped) if shipped else None,
        recovery_s=middle,
        evidence=(
            Evidence(
                id=f"deployments:state:{shipped[0].change.id if shipped else 'none'}@1",
                says=f"{len(failed)} failed of {len(shipped)} deployments",
                n=len(shipped),
                excluded={
                    "rollback": len(deployments) - len(shipped),
                    "not recovered yet": open_ones,
                },
            ),
        ),
    )
