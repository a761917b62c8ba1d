"""A shop in trouble, written straight into stores: what the pages of the room are read from."""

from __future__ import annotations

import random

from tests.practices.aiops.signals.rows import CART, DB, GATE, T0, at, batch, span

from opsweave.facts import (
    ActionCall,
    Alert,
    AlertStatus,
    Approval,
    Budget,
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Diff,
    Dismissed,
    Evidence,
    Gate,
    GateResult,
    Incident,
    IncidentStatus,
    Join,
    Predicate,
    Relation,
    RelationKind,
    Run,
    RunStatus,
    Severity,
    Slo,
    TimelineEntry,
)
from opsweave.facts.run import Plan
from opsweave.graph import Graph
from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import Page, PageQuery
from opsweave.practices.aiops.pages import Sources, pages
from opsweave.practices.aiops.recovery.runbook import load_runbooks
from opsweave.practices.aiops.store import IncidentStore
from opsweave.record.ledger.port import Outcome
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import MemoryTelemetry
from opsweave.record.telemetry.port import Applied
from opsweave.runs.plan import sealed

ONSET, NOW = 3_000.0, 3_600.0
CHANGE = Change(
    id="deploy-7", source="argo", kind=ChangeKind.DEPLOYMENT, entity=DB, at_ns=at(ONSET - 20),
    summary="orders 2.1", version_from="2.0", version_to="2.1", author="eve",
)  # fmt: skip
FLAG = Change(id="flag-1", source="flagd", kind=ChangeKind.FLAG, entity=GATE, at_ns=at(ONSET - 900))
SLO = Slo(id="gate-errors", name="gate answers", entity=GATE, target=0.99)
PLAN = sealed(
    Plan(
        runbook="roll-back-deployment",
        incident="inc-1",
        cause_kind="deployment",
        calls=(ActionCall(action="roll_back", target=DB, arguments={"to": "2.0"}),),
        compensations=(ActionCall(action="deploy", target=DB, arguments={"version": "2.1"}),),
        predicates=(Predicate(kind="alerts_resolved"),),
        says="bring orders 2.0 back",
    )
)


def alert(number: int, entity: str, indicator: str, **more) -> Alert:
    fields = {
        "id": f"alert-{number}", "fingerprint": f"print-{number}", "source": "detector",
        "entity": entity, "indicator": indicator, "severity": Severity.CRITICAL,
        "symptom": True, "says": f"{indicator} is high", "started_ns": at(ONSET + number),
        "evidence": (
            Evidence(id=f"signal:telemetry:{entity}|{indicator}@{at(ONSET)}", says="high"),
        ),
    }  # fmt: skip
    return Alert(**{**fields, **more})


ALERTS = (
    alert(1, GATE, "latency_p95"),
    alert(2, CART, "error_ratio", severity=Severity.WARNING),
    alert(3, DB, "pool", symptom=False, severity=Severity.INFO),
    alert(4, CART, "requests", symptom=False, severity=Severity.INFO,
          status=AlertStatus.RESOLVED, ended_ns=at(ONSET + 60)),
)  # fmt: skip
CAUSES = (
    Cause(
        rank=1, entity=DB, indicator="latency_p95", kind=CauseKind.DEPLOYMENT, change="deploy-7",
        score=0.8, confidence=0.7, onset_ns=at(ONSET), says="deployment of orders (orders 2.1)",
        parts={"own": 0.9, "timing": 1.0, "something new": 0.2},
        evidence=(Evidence(id="change:state:deploy-7@1", says="orders 2.1"),),
        falsified_by=("latency_p95 stays outside its band after the change is undone",),
    ),
    Cause(rank=2, entity=CART, indicator="slo:x", kind=CauseKind.UNKNOWN, score=0.1, says="cart"),
)  # fmt: skip
INCIDENT = Incident(
    id="inc-1",
    title="gate is slow",
    status=IncidentStatus.RECOVERING,
    severity=Severity.CRITICAL,
    entities=(GATE, CART, DB),
    alerts=tuple(a.id for a in ALERTS),
    joins=tuple(Join(alert=a.id, rule="topology", says=f"calls what {a.id} is on") for a in ALERTS),
    started_ns=at(ONSET),
    opened_ns=at(ONSET + 10),
    explained_ns=at(ONSET + 20),
    causes=CAUSES,
    dismissed=(Dismissed(entity=GATE, change="flag-1", reason="healthy for 900 s after it"),),
    no_change_is_guilty=0.1,
    runs=("run-1",),
    timeline=(
        TimelineEntry(at_ns=at(ONSET + 20), kind="status:explained", says="deployment of orders"),
        TimelineEntry(at_ns=at(ONSET + 30), kind="run:planned", says="roll back", ref="run-1"),
    ),
)
RUN = Run(
    id="run-1", pipeline="roll-back-deployment", status=RunStatus.WAITING, incident="inc-1",
    cause="deployment of orders", plan=PLAN, approval="approval-1",
    gates=(
        GateResult(gate="risk", verdict=Gate.PASS, reasons=("low risk",)),
        GateResult(gate="budget", verdict=Gate.UNKNOWN, reasons=("no budget is known",)),
    ),
    diffs=(Diff(call=PLAN.calls[0], says="version", before="2.1", after="2.0", entities=(DB,)),),
    started_ns=at(ONSET + 30), says="waits for approval",
)  # fmt: skip
APPROVAL = Approval(
    id="approval-1", run="run-1", plan_hash=PLAN.hash, requested_ns=at(ONSET + 31),
    expires_ns=at(NOW + 600),
)  # fmt: skip


def spans() -> list[dict]:
    """Every two seconds a request to each; the database slows down at the onset."""
    dice = random.Random(1)
    found = []
    for n in range(0, int(NOW), 2):
        slow = 400.0 if n >= ONSET else 0.0
        for entity, usual in ((GATE, 60), (CART, 40), (DB, 20)):
            id_ = f"{entity}{n}"
            found.append(span(n, usual + dice.random() * 5 + slow, id_, entity=entity))
    return found


def budget_at(slo: Slo, at_ns: int) -> Budget:
    left = 0.9 if at_ns <= at(ONSET) else 0.2
    says = Evidence(id=f"spans:telemetry:{slo.entity}|{slo.sli}@{T0}-{at_ns}", says="1 of 100")
    return Budget(slo=slo.id, at_ns=at_ns, good=99, total=100, remaining=left, burn_rate=9.0,
                  evidence=(says,))  # fmt: skip


class Shop:
    """Stores with one incident in them, and the pages over them."""

    def __init__(self, *, empty: bool = False, slos: tuple[Slo, ...] = (SLO,)) -> None:
        self.state, self.graph, self.telemetry = MemoryState(), Graph(), MemoryTelemetry()
        if not empty:
            self._fill()
        self.sources = Sources(
            store=IncidentStore(self.state),
            graph=self.graph,
            telemetry=self.telemetry,
            runbooks=load_runbooks(),
            slos=slos,
            budget_at=budget_at,
        )
        self.specs = {spec.pattern: spec for spec in pages(self.sources)}

    def _fill(self) -> None:
        for fact in (*ALERTS, INCIDENT, RUN, APPROVAL, CHANGE, FLAG):
            self.state.put(fact)
        calls = RelationKind.CALLS
        self.graph.relate(
            [
                Relation(source=GATE, kind=calls, target=CART, origin="spans"),
                Relation(source=CART, kind=calls, target=DB, origin="spans"),
                Relation(source="service:demo/shop/web", kind=calls, target=GATE),
            ],
            T0,
        )
        applied = Applied(seq=0, door="otlp", outcome=Outcome.STORED)
        self.telemetry.write([(applied, batch(spans=spans()))], recorded_ns=T0)

    def page(self, pattern: str, *, may: str = "read approve", widget: str = "", **asked) -> Page:
        """One request; ``asked``: names of the pattern, the rest are query parameters."""
        params = {k: v for k, v in asked.items() if f"{{{k}}}" in pattern}
        raw = {k.replace("__", "."): (v,) for k, v in asked.items() if k not in params}
        path = pattern.format(**params)
        now = at(NOW) / MILLISECOND
        query = PageQuery(
            path=path,
            params=params,
            since_ms=now - 3_600_000,
            until_ms=now,
            now_ms=now,
            raw=raw,
            scope=raw.get("scope", ("",))[0],
            who="ann",
            scopes=frozenset(may.split()),
            widget=widget,
        )
        return self.specs[pattern].make(query)


def widget(page: Page, id_: str):
    """The widget with this id."""
    return next(w for section in page.sections for w in section.widgets if w.id == id_)


def seconds(ms: float) -> float:
    """Milliseconds as seconds after T0."""
    return ms / 1000 - T0 / SECOND
