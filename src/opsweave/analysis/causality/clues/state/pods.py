"""Pods that are not placed, cannot start, or die."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsweave.analysis.causality.clues.state.finding import (
    BROKEN,
    DOUBTFUL,
    FATAL,
    SLIGHT,
    Finding,
    Scene,
)
from opsweave.analysis.causality.clues.state.kubectl import Described

_WAITING = re.compile(r"State:\s+Waiting\s+Reason:\s+(\S+)")
_DIED = re.compile(r"(?:Last )?State:\s+Terminated\s+Reason:\s+(\S+)")
_STARTING = {"PodInitializing", "ContainerCreating"}
_NO_RUNTIME = re.compile(r"code = Unavailable|connection (error|refused)|network plugin|not ready")
_LASTING_S = 20
"""A probe that fails for longer than a start takes, or again and again, is no accident."""


def pods(scene: Scene) -> Iterator[Finding]:
    """Findings of all pods."""
    waiting_room = []
    for name, pod in sorted(scene.cluster.of("pods").items()):
        service = scene.of_pod(pod)
        row = scene.cluster.row("pods", name)
        status = row.get("STATUS", "") or pod.field("Status")
        if status == "Pending" and not pod.field("Node"):
            if pod.warnings:
                yield from _unplaced(pod, service)
            else:
                waiting_room.append(service)
            continue
        yield from _containers(scene, pod, service)
    yield from _unscheduled(scene, waiting_room)


def _unplaced(pod: Described, service: str) -> Iterator[Finding]:
    for event in pod.warnings:
        if event.reason in {"FailedScheduling", "FailedMount", "FailedAttachVolume"}:
            yield _finding(pod, service, FATAL, event.reason, event.message)


def _unscheduled(scene: Scene, services: list[str]) -> Iterator[Finding]:
    """Pods that nobody even tried to place: the scheduler, where the control plane runs."""
    if not services:
        return
    hosts = [
        row["NAME"]
        for row in scene.cluster.rows.get("nodes", ())
        if re.search(r"master|control-plane", row.get("ROLES", ""))
    ]
    says = f"{len(services)} pods wait and no scheduler has looked at them"
    for host in hosts:
        yield Finding(entity=host, nats=FATAL, indicator="scheduler", says=says, command="get pods")
    for service in sorted(set(services)):
        yield Finding(entity=service, nats=SLIGHT, indicator="Pending", says="waits to be placed")


def _containers(scene: Scene, pod: Described, service: str) -> Iterator[Finding]:
    restarts = sum(int(n) for n in re.findall(r"Restart Count:\s+(\d+)", pod.text))
    ready = not re.search(r"^\s+Ready:?\s+False", pod.text, re.MULTILINE)
    for reason in _WAITING.findall(pod.text):
        if reason not in _STARTING:
            yield _finding(pod, service, FATAL, reason, _last_words(pod) or f"waits: {reason}")
    for reason in _DIED.findall(pod.text):
        if reason != "Completed":
            nats = FATAL + 0.5 if reason == "OOMKilled" else BROKEN
            yield _finding(pod, service, nats, reason, f"a container ended: {reason}")
    if not ready:
        yield from _not_made(pod, service)
    if restarts or not ready:
        yield from _probes(pod, service, restarts)
    if restarts:
        yield _finding(pod, service, DOUBTFUL, "restarts", f"restarted {restarts} times")
    if not ready and pod.field("Status") == "Running":
        yield _finding(pod, service, DOUBTFUL, "ready", "runs and is not ready")


def _not_made(pod: Described, service: str) -> Iterator[Finding]:
    """What kept the containers from being made: their host when its runtime does not answer."""
    host = pod.field("Node").partition("/")[0]
    for event in pod.warnings:
        if event.reason in {"FailedMount", "FailedAttachVolume"}:
            yield _finding(pod, service, BROKEN, event.reason, event.message)
        elif event.reason == "FailedCreatePodSandBox":
            if host and _NO_RUNTIME.search(event.message):
                yield _finding(pod, host, DOUBTFUL, "container runtime", event.message)
            else:
                yield _finding(pod, service, BROKEN, "start", event.message)


def _probes(pod: Described, service: str, restarts: int) -> Iterator[Finding]:
    """Probes that fail for longer than a start takes."""
    for event in pod.warnings:
        lasting = event.over_s >= _LASTING_S or (restarts and event.times > 1)
        if lasting and event.reason == "Unhealthy" and not event.message.startswith("Startup"):
            yield _finding(pod, service, BROKEN, "probe", event.message)


def _last_words(pod: Described) -> str:
    failed = [e.message for e in pod.warnings if e.reason in {"Failed", "BackOff", "FailedMount"}]
    return failed[0] if failed else ""


def _finding(pod: Described, entity: str, nats: float, indicator: str, says: str) -> Finding:
    return Finding(
        entity=entity,
        nats=nats,
        indicator=indicator,
        says=f"pod {pod.name}: {says[:300]}",
        command=f"describe pods {pod.name}",
    )
