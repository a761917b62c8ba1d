"""A small shop as cases: who calls whom, and helpers that say what went wrong."""

from __future__ import annotations

from opsweave.analysis.causality import Case, Reading, Symptom
from opsweave.analysis.signal import SeriesKey
from opsweave.analysis.traces.attribution import EntityTraces, PeerTally, Tally
from opsweave.facts import Change, ChangeKind, Relation, RelationKind

S = 1_000_000_000
NOW = 1_000 * S
ONSET = 940 * S


def ref(name: str, kind: str = "service") -> str:
    return f"{kind}:demo/shop/{name}"


EDGE, CART, CHECKOUT, PAYMENT = map(ref, ("edge", "cart", "checkout", "payment"))
FRAUD, CATALOG, MAILER, PROVIDER = map(ref, ("fraud", "catalog", "mailer", "provider"))
ORDERS, OUTBOX = ref("orders", "database"), ref("outbox", "queue")
JOB, FEATURES, MODEL = ref("loader", "job"), ref("features", "dataset"), ref("score", "model")

_CALLS = (
    (EDGE, CATALOG), (EDGE, CART), (EDGE, CHECKOUT), (CART, CATALOG), (CHECKOUT, PAYMENT),
    (CHECKOUT, ORDERS), (PAYMENT, FRAUD), (PAYMENT, PROVIDER), (MAILER, ORDERS), (JOB, ORDERS),
)  # fmt: skip
RELATIONS = (
    *(Relation(source=a, kind=RelationKind.CALLS, target=b) for a, b in _CALLS),
    Relation(source=CHECKOUT, kind=RelationKind.WRITES, target=OUTBOX),
    Relation(source=MAILER, kind=RelationKind.READS, target=OUTBOX),
    Relation(source=JOB, kind=RelationKind.WRITES, target=FEATURES),
    Relation(source=MODEL, kind=RelationKind.DEPENDS_ON, target=FEATURES),
    Relation(source=FRAUD, kind=RelationKind.SERVES, target=MODEL),
)


def reading(strength: float = 12.0, onset: int = ONSET, **more) -> Reading:
    return Reading(strength=strength, onset_ns=onset, active=abs(strength) > 3.5, **more)


def change(entity: str, at_s: float, kind: ChangeKind = ChangeKind.DEPLOYMENT, **more) -> Change:
    """``at_s``: seconds after the onset."""
    more.setdefault("id", f"{kind.value}-{entity.rpartition('/')[2]}-{at_s:g}")
    return Change(
        source="test",
        kind=kind,
        entity=entity,
        at_ns=ONSET + int(at_s * S),
        summary="a change",
        **more,
    )


def traces(n: int = 100, *, ms: float = 50.0, own: float = 20.0, failed: int = 0, passed: int = 0,
           peers: dict[str, tuple[int, int, int]] | None = None) -> EntityTraces:  # fmt: skip
    return EntityTraces(
        total=Tally(n, failed + passed, ms * n),
        self_time_ms=own * n,
        errors_own=failed,
        errors_passed=passed,
        peers={p: PeerTally(c, e, 10.0 * c, u) for p, (c, e, u) in (peers or {}).items()},
    )


HEALTHY = {s: traces() for s in (EDGE, CART, CHECKOUT, PAYMENT, FRAUD, CATALOG, ORDERS)}


def case(
    readings: dict[tuple[str, str] | tuple[str, str, str], Reading],
    *,
    symptoms: tuple[tuple[str, str], ...] = ((EDGE, "latency_p95"),),
    changes: tuple[Change, ...] = (),
    after: dict[str, EntityTraces] | None = None,
    **more,
) -> Case:
    return Case(
        now_ns=NOW,
        symptoms=[Symptom(entity=e, indicator=i, since_ns=ONSET) for e, i in symptoms],
        readings={SeriesKey(service, "requests"): reading(0.0) for service in HEALTHY}
        | {SeriesKey(*key): value for key, value in readings.items()},
        relations=RELATIONS,
        outside=frozenset({PROVIDER}),
        changes=changes,
        before=HEALTHY,
        after=HEALTHY | (after or {}),
        **more,
    )
