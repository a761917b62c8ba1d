"""What a rule found in the state of a system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from opsweave.analysis.causality.clues.state.kubectl import Cluster, Described

FATAL = 5.0
"""Nats of a state in which the thing cannot work."""
BROKEN = 4.0
"""Nats of a state in which it does not work now."""
DOUBTFUL = 2.0
SLIGHT = 1.0


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``indicator`` names the kind of fault."""

    entity: str
    nats: float
    indicator: str
    says: str
    command: str = ""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster and the names by which its parts are known in the graph."""

    cluster: Cluster
    nodes: Mapping[str, str]

    def workload(self, labels: Mapping[str, str], fallback: str) -> str:
        """The service that objects with these labels belong to."""
        for name, service in self.cluster.of("services").items():
            wanted = service.pairs("Selector")
            if name in self.nodes and wanted and wanted.items() <= labels.items():
                return name
        for value in (labels.get("app"), labels.get("app.kubernetes.io/name"), fallback):
            if value and value in self.nodes:
                return value
        return fallback

    def of_pod(self, pod: Described) -> str:
        """The service of a pod."""
        owner = pod.field("Controlled By").rpartition("/")[2]
        base = re.sub(r"-[a-z0-9]{6,10}$", "", owner) if owner else pod.name
        return self.workload(pod.pairs("Labels"), base)


def loudest(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """By entity, strongest first."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.entity, []).append(finding)
    return {entity: sorted(some, key=lambda f: -f.nats) for entity, some in found.items()}
