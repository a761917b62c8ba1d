"""A made-up system whose services are released step by step, as a dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from opsweave.analysis.causality.dossier import (
    CaseChange,
    Dossier,
    Metrics,
    ReleaseStep,
    SeriesName,
)

MINUTE = 60_000_000_000
START = 1_700_000_000 * 1_000_000_000
ALARM = 40
"""Minutes after the start at which somebody is alarmed; releases are around it."""
LENGTH = 60
CALLS = (("portal", "quotes"), ("portal", "basket"), ("basket", "ledger"), ("quotes", "rates"))

Value = Callable[[str, str, int], float | None]
"""Instance, metric and minute to a value; None: no sample."""


def at(minute: float) -> int:
    """Nanoseconds of a minute of the case."""
    return START + int(minute * MINUTE)


def instances(service: str, version: int) -> tuple[str, ...]:
    """Names of the three instances of a version."""
    return tuple(f"{service}-{version}-{i}" for i in "abc")


def release(service: str, minute: float, number: int) -> CaseChange:
    """A canary at ``minute`` and the other two instances well after the alarm."""
    new, old = instances(service, 2), instances(service, 1)
    times = (minute, 50.0 + number, 52.0 + number)
    steps = tuple(
        ReleaseStep(at_ns=at(t), completed_ns=at(t + 1), new=(n,), removed=(o,))
        for t, n, o in zip(times, new, old, strict=True)
    )
    return CaseChange(
        id=f"release-{service}", at_ns=at(minute), kind="release", entity=service,
        summary=f"{service} 2", steps=steps,
    )  # fmt: skip


def usual(instance: str, metric: str, minute: int) -> float:
    """Healthy values with a little deterministic noise."""
    noise = float(np.sin(minute * 2.7 + len(instance) * 1.3 + len(metric)))
    if metric.startswith("success"):
        return 100.0
    if metric.startswith("latency"):
        return 0.05 + 0.002 * noise
    return {"cpu_usage": 20.0, "memory_usage": 40.0}[metric] + noise


def case(releases: Mapping[str, float], value: Value) -> Dossier:
    """A case with these releases (service to minute), its samples from ``value`` or usual."""
    changes = tuple(
        release(service, minute, i) for i, (service, minute) in enumerate(releases.items())
    )
    services = sorted({s for edge in CALLS for s in edge})
    names, times, values, edges = [], [], [], [(a, b, "calls") for a, b in CALLS]
    for service in services:
        incoming = [f"{{{a}->{b}}}" for a, b in CALLS if b == service]
        metrics = ["cpu_usage", "memory_usage"]
        metrics += [f"{m}{edge}" for edge in incoming for m in ("success_rate", "latency_p90")]
        for version in (1, 2):
            for instance in instances(service, version):
                edges.append((instance, service, "part_of"))
                alive = _life(instance, changes)
                for metric in metrics:
                    samples = [(m, value(instance, metric, m)) for m in alive]
                    kept = [(m, v) for m, v in samples if v is not None]
                    if kept:
                        names.append(SeriesName(instance, "pod", metric))
                        times.append(np.array([at(m) for m, _ in kept], np.int64))
                        values.append(np.array([v for _, v in kept], np.float64))
    offsets = np.concatenate(([0], np.cumsum([len(t) for t in times]))).astype(np.int64)
    return Dossier(
        start_ns=START, end_ns=at(LENGTH), onset_ns=at(ALARM), edges=tuple(edges),
        answer_kinds=frozenset({"change"}), changes=changes,
        metrics=Metrics(
            names=names, offsets=offsets, times_ns=np.concatenate(times),
            values=np.concatenate(values),
        ),
    )  # fmt: skip


def _life(instance: str, changes: tuple[CaseChange, ...]) -> range:
    """Minutes of which an instance has samples."""
    for change in changes:
        for step in change.steps:
            minute = int((step.at_ns - START) // MINUTE) + 1
            if instance in step.new:
                return range(minute, LENGTH)
            if instance in step.removed:
                return range(minute)
    return range(LENGTH if "-1-" in instance else 0)
