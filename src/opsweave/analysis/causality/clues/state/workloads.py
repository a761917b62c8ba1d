"""Workloads without their pods, and the quotas that forbid them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsweave.analysis.causality.clues.state.finding import (
    BROKEN,
    DOUBTFUL,
    FATAL,
    Finding,
    Scene,
)
from opsweave.analysis.causality.clues.state.kubectl import Described

_USED = re.compile(
    r"^(\S+)\s+(\d+(?:\.\d+)?)([a-zA-Z]*)\s+(\d+(?:\.\d+)?)([a-zA-Z]*)\s*$", re.MULTILINE
)
_UNITS = {
    "": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40,
}  # fmt: skip
_FULL = 0.9
"""A quota of which so much is used may refuse the next request."""


def workloads(scene: Scene) -> Iterator[Finding]:
    """Findings of deployments, replica sets, quotas, and services that are not there at all."""
    short = dict(_short(scene))
    yield from short.values()
    refused = list(_refused(scene, short))
    yield from refused
    absent = list(_absent(scene))
    yield from absent
    yield from _quotas(scene, missing=bool(short or absent))


def _short(scene: Scene) -> Iterator[tuple[str, Finding]]:
    """Deployments with fewer pods available than desired."""
    for row in scene.cluster.rows.get("deployments", ()):
        ready, _, wanted = row.get("READY", "").partition("/")
        name = row["NAME"]
        found = scene.cluster.of("deployments").get(name)
        entity = scene.workload(found.pairs("Selector") if found else {}, name)
        if ready.isdigit() and wanted.isdigit() and int(ready) < int(wanted):
            if entity in scene.nodes:
                says = f"deployment {name}: {ready} of {wanted} ready"
                yield name, _finding(entity, DOUBTFUL, "available", says, f"deployments {name}")
        elif wanted == "0" and entity in scene.nodes:
            says = f"deployment {name} is scaled to none"
            yield name, _finding(entity, BROKEN, "replicas", says, f"deployments {name}")


def _refused(scene: Scene, short: dict[str, Finding]) -> Iterator[Finding]:
    """Replica sets that may not create pods, where some are still missing."""
    for name, found in sorted(scene.cluster.of("replicasets").items()):
        owner = found.field("Controlled By").rpartition("/")[2] or name
        for event in found.warnings:
            if event.reason != "FailedCreate":
                continue
            entity = scene.workload(found.pairs("Selector"), owner)
            if "exceeded quota" in event.message:
                for namespace in [n for n, kind in scene.nodes.items() if kind == "namespace"]:
                    yield _finding(namespace, FATAL, "quota", event.message, f"replicasets {name}")
            elif owner in short:
                nats = BROKEN if "serviceaccount" in event.message else DOUBTFUL
                yield _finding(entity, nats, "FailedCreate", event.message, f"replicasets {name}")


def _absent(scene: Scene) -> Iterator[Finding]:
    """Services of the graph of which the cluster shows a pod but no service, or neither."""
    listed = {row["NAME"] for row in scene.cluster.rows.get("services", ())}
    deployed = {row["NAME"] for row in scene.cluster.rows.get("deployments", ())}
    running = {scene.of_pod(pod) for pod in scene.cluster.of("pods").values()}
    if not listed or not deployed:
        return
    for name in sorted(n for n, kind in scene.nodes.items() if kind == "service"):
        if name in deployed and name not in listed:
            says = f"{name} has a deployment but no service"
            yield _finding(name, BROKEN, "service", says, "services")
        elif name not in running and (name in listed or name in deployed):
            says = f"{name} has no pod"
            yield _finding(name, BROKEN, "pods", says, "pods")


def _quotas(scene: Scene, *, missing: bool) -> Iterator[Finding]:
    """A quota that is used up while something is missing."""
    if not missing:
        return
    for name, quota in sorted(scene.cluster.of("resourcequota").items()):
        for resource, used, unit, hard, of in _USED.findall(quota.text):
            limit = float(hard) * _UNITS.get(of, 1.0)
            share = float(used) * _UNITS.get(unit, 1.0) / limit if limit else 1.0
            if share < _FULL:
                continue
            says = f"quota {name}: {used}{unit} of {hard}{of} {resource} are used"
            for namespace in _namespaces(scene, quota):
                yield _finding(namespace, FATAL, "quota", says, f"resourcequota {name}")


def _namespaces(scene: Scene, found: Described) -> list[str]:
    named = found.field("Namespace")
    known = [n for n, kind in scene.nodes.items() if kind == "namespace"]
    return [named] if named in known else known


def _finding(entity: str, nats: float, indicator: str, says: str, command: str) -> Finding:
    return Finding(
        entity=entity,
        nats=nats,
        indicator=indicator,
        says=says[:400],
        command=f"describe {command}",
    )
