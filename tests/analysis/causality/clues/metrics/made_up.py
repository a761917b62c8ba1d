"""A made-up system of services that call each other, with one fault; it shaped no weight."""

from __future__ import annotations

import numpy as np

from opsweave.analysis.causality.dossier import Dossier, Metrics, SeriesName

SECOND = 1_000_000_000
SERVICES = 14
FAULTS = ("cpu", "mem", "disk", "delay", "loss", "socket")


def _drift(rng, samples, keeps=0.9):
    steps = rng.normal(size=samples) * np.sqrt(1 - keeps * keeps)
    out = np.zeros(samples)
    for i in range(1, samples):
        out[i] = keeps * out[i - 1] + steps[i]
    return out


def _graph(rng):
    calls = {(int(rng.integers(0, i)), i) for i in range(1, SERVICES)}
    return calls | {(int(rng.integers(0, i)), i) for i in range(3, SERVICES) if rng.random() < 0.3}


def _calm(rng, calls, samples):
    """Load, own time (s), cpu, memory, disk, sockets, failures: [services, samples] each."""
    load = np.zeros((SERVICES, samples))
    load[0] = 50 * np.exp(0.05 * _drift(rng, samples))
    for a, b in sorted(calls, key=lambda call: call[1]):
        load[b] += load[a] * rng.uniform(0.3, 2) * np.exp(0.05 * rng.normal(size=samples))
    base = np.exp(rng.uniform(np.log(0.003), np.log(0.05), (SERVICES, 1)))
    own = base * np.exp(0.08 * rng.normal(size=(SERVICES, samples)))
    cpu = 20 * load * own * np.exp(0.1 * rng.normal(size=own.shape)) + 1
    mem = rng.uniform(1e8, 5e8, (SERVICES, 1)) * np.exp(
        np.cumsum(rng.normal(0, 0.002, own.shape), axis=1)
    )
    disk = rng.gamma(2, 1, own.shape) * 1e5
    sockets = np.round(load * 0.5 + 20)
    return load, own, cpu, mem, disk, sockets, np.full(own.shape, 5e-4)


def made_up(seed, fault, before, after, *, graph=True):
    """A dossier and the guilty service."""
    rng = np.random.default_rng(seed)
    samples, calls = before + after, _graph(rng)
    load, own, cpu, mem, disk, sockets, failures = _calm(rng, calls, samples)
    guilty, now = int(rng.integers(0, SERVICES)), np.arange(samples) >= before
    severe = rng.uniform(0.2, 1)
    if fault == "cpu":
        cpu[guilty, now] = 4 * cpu[guilty, now] + 30
    elif fault == "mem":
        mem[guilty, now] *= 1 + np.linspace(0.2, 1.5, after)
    elif fault == "disk":
        disk[guilty, now] *= 20
    elif fault == "delay":
        own[guilty, now] += 0.3 * severe
    elif fault == "socket":
        sockets[guilty, now] *= 5
    else:
        failures[guilty, now] += 0.3 * severe
    if fault in ("cpu", "loss", "disk"):
        own[guilty, now] *= 1 + 3 * severe
    for a, b in sorted(calls, key=lambda call: -call[1]):
        share = rng.uniform(0.4, 1.1)
        own[a] += share * own[b]
        failures[a] += share * failures[b]
    columns = {
        "cpu": cpu,
        "mem": mem,
        "diskio": disk,
        "socket": sockets,
        "workload": load,
        "error": rng.poisson(np.clip(failures, 0, 1) * load),
        "latency-90": 1.8 * own * np.exp(0.1 * rng.normal(size=own.shape)),
    }
    names = [SeriesName(f"s{i:02d}", "service", m) for m in columns for i in range(SERVICES)]
    return Dossier(
        start_ns=0,
        end_ns=samples * SECOND,
        onset_ns=before * SECOND,
        metrics=Metrics(
            names=names,
            offsets=np.arange(len(names) + 1, dtype=np.int64) * samples,
            times_ns=np.tile(np.arange(samples, dtype=np.int64) * SECOND, len(names)),
            values=np.concatenate([c.ravel() for c in columns.values()]).astype(float),
        ),
        edges=tuple((f"s{a:02d}", f"s{b:02d}", "calls") for a, b in sorted(calls)) if graph else (),
    ), f"s{guilty:02d}"
