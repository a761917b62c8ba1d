"""Deployment records: which deployments failed, and how long recovery took.

A deployment *failed* when an incident names it as its first cause, or when its own source says so.
Failed deployment recovery time is from the deployment's finish to the incident's recovery (DORA,
guide of 2026); an incident that no change caused is not counted against any deployment.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from opsweave.facts import Change, ChangeKind, Evidence, Incident
from opsweave.kernel.clock import SECOND

SHIPS = frozenset({ChangeKind.DEPLOYMENT})
ROLLBACKS = frozenset({"rollback", "rolledback", "rolled_back"})
FAILED = frozenset({"failed", "failure", "error", "errored"})
"""Outcomes by which a source says that it went wrong."""
FLIGHT_NS = 3_600 * SECOND
"""What nobody said the end of is taken to be over after an hour."""


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """One deployment with what became of it. ``recovery_s`` None: not failed, or not recovered."""

    change: Change
    failed: bool
    rollback: bool
    in_flight: bool = False
    """Begun, and neither failed nor said to be over."""
    incident: str | None = None
    recovery_s: float | None = None
    evidence: tuple[Evidence, ...] = ()


class DeploymentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over a set of deployments; None is *no data*. Rollbacks are no deployments of work.

    ``change_fail_rate`` = failed / (deployments - in_flight); ``recovery_s`` is the median over
    recovered ones.
    """

    deployments: int
    failed: int
    rollbacks: int
    change_fail_rate: float | None
    recovery_s: float | None
    in_flight: int = 0
    evidence: tuple[Evidence, ...] = ()


def is_rollback(change: Change) -> bool:
    """Whether the change brings back what ran before, by its source's own word."""
    return change.outcome.lower() in ROLLBACKS or bool(change.details.get("rollback"))


def said_failed(change: Change) -> bool:
    """Whether its own source says that it went wrong."""
    return change.outcome.lower() in FAILED


def in_flight(change: Change, now_ns: int) -> bool:
    """Begun, and not said to be over."""
    lasting = change.kind in (ChangeKind.DEPLOYMENT, ChangeKind.BUILD)
    unsaid = change.finished_ns is None and not change.outcome
    return lasting and unsaid and 0 <= now_ns - change.at_ns < FLIGHT_NS


def deployments_of(
    changes: Iterable[Change], incidents: Iterable[Incident], now_ns: int | None = None
) -> list[Deployment]:
    """Every deployment, newest first, joined to the incident that blames it.

    Without ``now_ns`` all of them are taken to be over.
    """
    blamed: dict[str, Incident] = {}
    for incident in sorted(incidents, key=lambda item: item.opened_ns):
        if incident.causes and incident.causes[0].change:
            blamed.setdefault(incident.causes[0].change, incident)
    ships = sorted((c for c in changes if c.kind in SHIPS), key=lambda c: -c.at_ns)
    return [_record(change, blamed.get(change.id), now_ns) for change in ships]


def _record(change: Change, incident: Incident | None, now_ns: int | None) -> Deployment:
    recovery = None
    own = f"change:state:{change.id}@1"
    evidence = [Evidence(id=own, says=change.summary or change.id)]
    if said_failed(change):
        says = f"{change.source} says of it: {change.outcome}"
        evidence.append(Evidence(id=own, says=says))
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
    failed = incident is not None or said_failed(change)
    return Deployment(
        change=change,
        failed=failed,
        rollback=is_rollback(change),
        in_flight=not failed and now_ns is not None and in_flight(change, now_ns),
        incident=incident.id if incident else None,
        recovery_s=recovery,
        evidence=tuple(evidence),
    )


def figures(deployments: list[Deployment]) -> DeploymentFigures:
    """Change fail rate and failed deployment recovery time over ``deployments``."""
    shipped = [item for item in deployments if not item.rollback]
    failed = [item for item in shipped if item.failed]
    flying = sum(item.in_flight for item in shipped)
    over = len(shipped) - flying
    times = sorted(item.recovery_s for item in failed if item.recovery_s is not None)
    excluded = {
        "rollback": len(deployments) - len(shipped),
        "in flight": flying,
        "not recovered yet": len(failed) - len(times),
    }
    return DeploymentFigures(
        deployments=len(shipped),
        failed=len(failed),
        rollbacks=excluded["rollback"],
        in_flight=flying,
        change_fail_rate=len(failed) / over if over else None,
        recovery_s=_median(times),
        evidence=(
            Evidence(
                id=f"deployments:state:{shipped[0].change.id if shipped else 'none'}@1",
                says=f"{len(failed)} failed of {over} deployments that are over",
                n=len(shipped),
                excluded={reason: n for reason, n in excluded.items() if n},
            ),
        ),
    )


def _median(times: list[float]) -> float | None:
    """Of values in rising order."""
    if not times:
        return None
    half = len(times) // 2
    return times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2
