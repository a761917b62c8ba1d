"""Nodes that cannot run what is placed on them, and claims for storage that nothing fulfils."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsweave.analysis.causality.clues.state.finding import (
    BROKEN,
    FATAL,
    SLIGHT,
    Finding,
    Scene,
)

_PRESSURE = re.compile(r"^\s+(\w+Pressure|NetworkUnavailable)\s+True\s", re.MULTILINE)


def hosts(scene: Scene) -> Iterator[Finding]:
    """Findings of all nodes."""
    for row in scene.cluster.rows.get("nodes", ()):
        name, states = row["NAME"], row.get("STATUS", "").split(",")
        if "NotReady" in states:
            yield _finding(name, FATAL + 1.0, "NotReady", f"node {name} is {row['STATUS']}")
        control = re.search(r"master|control-plane", row.get("ROLES", ""))
        if "SchedulingDisabled" in states and not control:
            yield _finding(name, SLIGHT, "cordoned", f"node {name} takes no pods")
    for name, node in sorted(scene.cluster.of("nodes").items()):
        for condition in _PRESSURE.findall(node.text):
            yield _finding(name, BROKEN, condition, f"node {name}: {condition}")


def claims(scene: Scene) -> Iterator[Finding]:
    """Claims for storage that are not bound, told of the service that mounts them."""
    users: dict[str, str] = {}
    for pod in scene.cluster.of("pods").values():
        for claim in pod.fields("ClaimName"):
            users[claim] = scene.of_pod(pod)
    for row in scene.cluster.rows.get("persistentvolumeclaims", ()):
        name, status = row["NAME"], row.get("STATUS", "")
        if status and status != "Bound":
            entity = users.get(name) or next((n for n in scene.nodes if n in name), "")
            if entity:
                says = f"claim {name} of {entity} is {status}"
                yield _finding(entity, FATAL, "storage claim", says)


def _finding(entity: str, nats: float, indicator: str, says: str) -> Finding:
    return Finding(entity=entity, nats=nats, indicator=indicator, says=says, command="get nodes")
