"""What the channel found, in words for people."""

from __future__ import annotations

import math
from collections.abc import Mapping

from opsweave.analysis.causality.clues.metrics.quantity import Kind
from opsweave.analysis.causality.clues.metrics.reading import Reading
from opsweave.analysis.causality.dossier import Dossier
from opsweave.facts import Evidence

_FOR: Mapping[str, str] = {
    "resources": "its own resources are in demand",
    "memory": "it holds more memory",
    "holds": "it keeps from others what they need",
    "latency": "its callers wait for it",
    "fold": "its latency grew by a large factor",
    "errors": "its answers fail",
    "network": "calls to it are late although it was not slow itself",
    "refused": "calls to it fail although it saw no failure",
    "gives up": "it is asked as before and asks its callees less",
    "vanished": "nothing is measured of it any more",
    "tenants": "what runs on it suffers, what runs elsewhere does not",
    "crowd": "connections or queues pile up",
    "symptom": "the symptom's excess ends here",
    "together": "it moves as the symptom moves",
    "instances": "its instances are suspicious",
}
_AGAINST: Mapping[str, str] = {
    "latency explained": "its callees account for its latency",
    "errors explained": "its callees account for its errors",
    "together": "it does not move as the symptom moves",
    "tenants": "what runs on it is no worse off than others",
}
_LEAST = 0.3
"""Nats below which a part is not worth a word."""
_MOST_REASONS = 2
_RAREST = 1e6
LEAST_SURPRISE = 1.0
"""Nats below which a movement is not worth showing."""


def sentence(top: Reading | None, parts: Mapping[str, float]) -> str:
    """The loudest indicator, and the reasons for and against that weigh most.

    >>> sentence(None, {"network": 0.9, "errors explained": -0.1})
    'its own metrics are as usual; calls to it are late although it was not slow itself'
    """
    moved = top is not None and top.surprise >= LEAST_SURPRISE
    told = movement(top) if top is not None and moved else "its own metrics are as usual"
    order = sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0]))
    reasons = [
        _FOR[name] if nats > 0 else f"but {_AGAINST[name]}"
        for name, nats in order
        if abs(nats) >= _LEAST and name in (_FOR if nats > 0 else _AGAINST)
    ]
    return "; ".join([told, *reasons[:_MOST_REASONS]])


def movement(reading: Reading) -> str:
    """What one series did: now, usually, and how far that is in scales."""
    bad = -1.0 if reading.what.success else 1.0
    now = reading.usual + bad * reading.excess
    unit = reading.name.unit
    if reading.what.kind is Kind.LATENCY and unit:
        unit = "s"
    elif reading.what.success or unit == "1":
        unit = ""
    after = f" {unit}" if unit else ""
    return (
        f"{reading.name.metric} is {now:.3g}{after}, usually {reading.usual:.3g}{after} "
        f"({reading.scales:+.1f} scales)"
    )


def evidence(dossier: Dossier, reading: Reading) -> Evidence:
    """The series behind a reading, resolvable, with how rare such a movement is."""
    metrics, name = dossier.metrics, reading.name
    return Evidence(
        id=f"signal:case:{name.entity}|{name.metric}@{dossier.pivot_ns}",
        says=f"{movement(reading)}; {_rarity(reading.surprise)} by itself",
        n=int(metrics.offsets[reading.at + 1] - metrics.offsets[reading.at]),
    )


def _rarity(surprise: float) -> str:
    times = math.exp(min(surprise, 50.0))
    return "less than once in a million" if times > _RAREST else f"about once in {times:,.0f}"
