"""What the recorded state of a cluster says of who is to blame.

Rules of the field (Kubernetes' documentation on debugging pods, services, scheduling and quotas),
one file a topic; what was only the noise of a start, and is fine now, says nothing.
"""

from __future__ import annotations

from opsweave.analysis.causality.clues.state.finding import Finding, Scene, loudest
from opsweave.analysis.causality.clues.state.hosts import claims, hosts
from opsweave.analysis.causality.clues.state.kubectl import read
from opsweave.analysis.causality.clues.state.pods import pods
from opsweave.analysis.causality.clues.state.services import services
from opsweave.analysis.causality.clues.state.workloads import workloads
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.facts import Evidence

RULES = (pods, services, workloads, hosts, claims)
_MORE = 0.25
"""Nats that each further kind of finding adds to the loudest."""
_MOST_MORE = 1.0


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Findings of all rules, by entity. Empty without a recorded state."""
    if not dossier.state:
        return Opinion(channel="state")
    scene = Scene(cluster=read(dossier.state), nodes=dossier.nodes)
    found = loudest(finding for rule in RULES for finding in rule(scene))
    return Opinion(
        channel="state",
        suspects=tuple(_suspect(dossier, entity, some) for entity, some in sorted(found.items())),
    )


def _suspect(dossier: Dossier, entity: str, found: list[Finding]) -> Suspect:
    kinds = {f.indicator for f in found}
    first = found[0]
    return Suspect(
        entity=entity,
        nats=first.nats + min(_MOST_MORE, _MORE * (len(kinds) - 1)),
        indicator=first.indicator,
        says=first.says,
        evidence=tuple(
            Evidence(id=f"state:case:{f.command or f.indicator}@{dossier.end_ns}", says=f.says)
            for f in found[:6]
        ),
        parts={f.indicator: f.nats for f in reversed(found)},
    )
