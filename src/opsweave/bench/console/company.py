"""Services in layers by team, what they call, and their objectives."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any, NamedTuple

from opsweave.bench.console.size import Size
from opsweave.facts import Entity, Relation, RelationKind
from opsweave.kernel.ids import content_hash

TEAMS = ("checkout", "catalog", "identity", "payments", "search", "shipping", "platform", "growth")
_ROLES = ("gate", "api", "orders", "stock", "prices", "users", "mail", "ledger", "index", "cache")
LAYERS = 5
CALLS = 2
SLOS = 12


class Company(NamedTuple):
    """Canonical spellings of its services, front first, and who calls whom."""

    services: list[str]
    calls: list[tuple[str, str]]

    def callees(self, service: str) -> list[str]:
        """Whom it calls."""
        return [target for source, target in self.calls if source == service]


def company(size: Size) -> Company:
    """The same for the same size."""
    chance = random.Random(size.seed)
    services = [
        f"service:prod/{TEAMS[n % len(TEAMS)]}/{_ROLES[n // len(TEAMS) % len(_ROLES)]}-{n}"
        for n in range(size.services)
    ]
    each = max(1, size.services // LAYERS)
    calls: list[tuple[str, str]] = []
    for n, service in enumerate(services):
        below = services[(n // each + 1) * each : (n // each + 2) * each]
        calls += [
            (service, other) for other in sorted(chance.sample(below, min(CALLS, len(below))))
        ]
    return Company(services, calls)


def entities(made: Company, now_ns: int) -> list[Entity]:
    """As the graph keeps them."""
    found = []
    for ref in made.services:
        _, _, rest = ref.partition(":")
        environment, namespace, name = rest.split("/")
        found.append(
            Entity(
                id=f"ent-{content_hash(ref, length=16)}",
                ref=ref,
                kind="service",
                name=name,
                environment=environment,
                namespace=namespace,
                first_seen_ns=now_ns,
                last_seen_ns=now_ns,
            )
        )
    return found


def relations(made: Company) -> list[Relation]:
    """Calls, and the team of each service."""
    owned = [
        Relation(
            source=ref,
            kind=RelationKind.OWNED_BY,
            target=f"team:prod/{ref.split('/')[1]}/{ref.split('/')[1]}",
            origin="catalog",
        )
        for ref in made.services
    ]
    calls = [
        Relation(source=source, kind=RelationKind.CALLS, target=target, origin="spans")
        for source, target in made.calls
    ]
    return calls + owned


def objectives(fronts: Iterable[str]) -> list[dict[str, Any]]:
    """What stands in ``slos.yaml``: availability of services in front, and some latencies."""
    found: list[dict[str, Any]] = []
    for n, ref in enumerate(list(dict.fromkeys(fronts))[:SLOS]):
        name = ref.rpartition("/")[2]
        one = {"name": f"{name} answers", "entity": ref, "target": 0.99, "window_s": 3600.0}
        if n % 3 == 2:
            one |= {"name": f"{name} is fast", "sli": "latency", "threshold_ms": 300.0}
        found.append(one)
    return found
