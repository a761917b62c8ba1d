"""A small record: a shop of three services, an incident, changes, a run."""

from __future__ import annotations

from opsweave.facts import (
    Alert,
    AlertStatus,
    Approval,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Dismissed,
    Evidence,
    Incident,
    IncidentStatus,
    Relation,
    RelationKind,
    Run,
    RunStatus,
    Severity,
)
from opsweave.kernel.clock import SECOND

CART, ORDERS, PAY, WEB = (
    "service:prod/shop/cart",
    "database:prod/shop/orders",
    "service:prod/pay/payments",
    "service:prod/shop/web",
)
MINUTE = 60 * SECOND


def fill(assembly, now: int) -> None:
    """Everything happened within the last hour."""
    graph, state = assembly.graph, assembly.stores.state
    for ref in (CART, ORDERS, WEB):
        graph.see(ref, now - 3000 * SECOND)
        graph.see(ref, now)
    graph.see(PAY, now - 3600 * SECOND)
    calls = ((WEB, CART), (CART, ORDERS), (CART, PAY))
    graph.relate(
        [Relation(source=a, kind=RelationKind.CALLS, target=b, origin="spans") for a, b in calls],
        now - 3000 * SECOND,
    )
    state.put(alert("a1", CART, symptom=True, severity=Severity.CRITICAL, started=now - 5 * MINUTE))
    state.put(alert("a2", ORDERS, started=now - 4 * MINUTE))
    over = alert("a3", WEB, started=now - 50 * MINUTE, ended=now - 40 * MINUTE)
    state.put(over)
    state.put(change("dep/1", now - 6 * MINUTE, details={"keys": {"pool": ["16", "4"]}}))
    state.put(change("cfg-1", now - 30 * MINUTE, kind=ChangeKind.CONFIGURATION))
    state.put(incident("inc-1", now - 5 * MINUTE))
    closed = incident("inc-0", now - 50 * MINUTE, status=IncidentStatus.CLOSED)
    state.put(closed)
    state.put(Approval(id="ap-1", run="run-1", plan_hash="h", status="waiting", requested_ns=now))
    state.put(
        Run(
            id="run-1", pipeline="rollback", incident="inc-1", cause="cart",
            status=RunStatus.WAITING, started_ns=now - MINUTE,
        )
    )  # fmt: skip


def alert(id: str, entity: str, *, started: int, ended: int | None = None, **more) -> Alert:
    return Alert(
        id=id,
        fingerprint=f"f-{id}",
        source="detector",
        entity=entity,
        indicator="latency_p95",
        says=f"latency of {entity} is high",
        status=AlertStatus.FIRING if ended is None else AlertStatus.RESOLVED,
        started_ns=started,
        ended_ns=ended,
        **more,
    )


def change(id: str, at: int, *, kind: ChangeKind = ChangeKind.DEPLOYMENT, **more) -> Change:
    return Change(
        id=id, source="ci", kind=kind, entity=CART, at_ns=at, summary=f"ship {id}", **more
    )


def incident(id: str, at: int, *, status: IncidentStatus = IncidentStatus.EXPLAINED) -> Incident:
    cause = Cause(
        rank=1,
        entity=CART,
        indicator="latency_p95",
        kind=CauseKind.DEPLOYMENT,
        change="dep/1",
        says="the deployment dep/1 made the pool smaller",
        evidence=(Evidence(id="change:state:dep/1@1", says="the change"),),
    )
    return Incident(
        id=id,
        title="Cart is slow",
        status=status,
        severity=Severity.CRITICAL,
        entities=(CART, ORDERS),
        alerts=("a1", "a2"),
        started_ns=at,
        opened_ns=at,
        causes=(cause,),
        dismissed=(Dismissed(entity=CART, reason="it came long before", change="cfg-1"),),
    )
