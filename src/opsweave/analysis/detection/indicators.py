"""What an indicator's name says about it: kind, unit, the direction that hurts, floors, symptom."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

import msgspec


class Kind(IntEnum):
    """Decides which noise is expected of a series."""

    LEVEL = 0
    """A gauge: linear scale."""
    SHARE = 1
    """A fraction without a count: linear, absolute floor."""
    SIZE = 2
    """Bytes and the like: log scale, small relative noise, ramps matter."""
    LATENCY = 3
    """Durations: log scale."""
    RATE = 4
    """Events per second: log scale and Poisson noise."""
    RATIO = 5
    """Bad of all with a count: binomial noise, pooled over buckets."""
    PRESENCE = 6
    """1 or 0."""
    SURPRISE = 7
    """-ln p, calibrated by its source: 0 is usual, whatever was learned."""


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """How one indicator is judged; scales are in log units for log kinds, else in its unit."""

    kind: Kind
    unit: str = ""
    direction: int = 0
    """+1 only a rise hurts, -1 only a fall, 0 both."""
    symptom: bool = False
    relative: float = 0.25
    """Floor of the scale relative to the level."""
    absolute: float = 0.0
    """Floor of the scale; for log kinds the offset added before the logarithm."""
    rise: float = 0.0
    """A deviation smaller than this is never reported."""
    factor: float = 1.0
    """Nor one below this multiple of the expected value (log kinds)."""
    need: int = 2
    """Buckets beyond the band, of the last ``need + 1``, before an episode starts."""
    zero_when_absent: bool = False
    """No record means 0, not "unknown"."""
    follows_load: bool = False
    """Slow drift with the load is normal."""


_MODEL = re.compile(r"wrong_answers|declined|decline_(?:rate|ratio|share)", re.IGNORECASE)
_SIZE = re.compile(r"memory|bytes|heap|\brss\b|disk|file_?size|storage", re.IGNORECASE)
_SHARE = re.compile(r"ratio|utili[sz]ation|percent|fraction|share|hit_rate", re.IGNORECASE)
_PILE = re.compile(r"queue|backlog|lag|waiting|pending|depth|age|freshness|behind", re.IGNORECASE)
_BYTES = {"By", "KiBy", "MiBy", "GiBy", "kBy", "MBy", "GBy", "bytes", "B"}
_TIMES = {"s": 0.001, "ms": 1.0, "us": 1000.0, "ns": 1e6}

RESTARTS = "restarts"
"""Per second, of processes of an entity: a deploy's short disturbance is no incident."""
SURPRISE_NATS = 12.0
"""One chance in 160,000 per bucket."""
LATENCY_RISE_MS = 50.0
RATIO_RISE = 0.03
SHARE_RISE = 0.10


@lru_cache(maxsize=8192)
def spec_of(indicator: str, unit: str = "") -> Spec:
    """The rules for ``indicator``; ``unit`` (UCUM) helps where the name does not say.

    >>> spec_of("latency_p95").symptom, spec_of("rate(orders)").kind.name
    (True, 'RATE')
    >>> spec_of("process.memory.usage").kind.name
    'SIZE'
    """
    if indicator == "log_order" or indicator.startswith("log_rate:"):
        return _surprise(indicator)
    known = _known(indicator)
    if known is not None:
        return known
    if indicator.startswith("rate("):
        return _rate()
    name = indicator.split("{", 1)[0]
    if _MODEL.search(indicator):
        return Spec(
            kind=Kind.SHARE, unit="1", direction=1, symptom=True, absolute=0.03,
            rise=SHARE_RISE, need=3,
        )  # fmt: skip
    if unit in _TIMES or indicator.startswith("mean("):
        scale = _TIMES.get(unit, 0.0)
        if scale or re.search(r"duration|latency|time", name, re.IGNORECASE):
            return _latency(unit or "ms", scale or 1.0)
    return _gauge(name, unit)


def _known(indicator: str) -> Spec | None:
    """The indicators that Opsweave derives itself."""
    if indicator == "heartbeat":
        return Spec(kind=Kind.PRESENCE, direction=-1, symptom=True, need=2)
    if indicator in {"error_ratio", "client_error_ratio"}:
        symptom = indicator == "error_ratio"
        return Spec(
            kind=Kind.RATIO, unit="1", direction=1, symptom=symptom, rise=RATIO_RISE, need=3
        )
    if indicator == "instances":
        return Spec(kind=Kind.LEVEL, unit="", direction=-1, absolute=0.2, rise=0.9)
    if indicator == "latency_p95":
        return _latency("ms", 1.0, symptom=True)
    if indicator in {"latency_p50", "self_time_p95", "client_latency_p95"}:
        return _latency("ms", 1.0)
    if indicator in {"requests", "client_requests", "logs"}:
        return _rate()
    if indicator == RESTARTS:
        return Spec(
            kind=Kind.RATE, unit="1/s", direction=1, absolute=0.2, zero_when_absent=True, factor=1.5
        )
    if indicator == "error_logs" or indicator.startswith("log_template:"):
        return Spec(
            kind=Kind.RATE, unit="1/s", direction=1, absolute=0.2, zero_when_absent=True, factor=1.5
        )
    return None


def _surprise(indicator: str) -> Spec:
    """Beyond the band at so many nats: evidence for whoever asks, never a symptom."""
    return Spec(
        kind=Kind.SURPRISE, unit="nat", direction=1, relative=0.0, absolute=SURPRISE_NATS / 3.5,
        rise=SURPRISE_NATS - 1e-6, need=1, zero_when_absent=indicator != "log_order",
    )  # fmt: skip


def _latency(unit: str, per_ms: float, *, symptom: bool = False) -> Spec:
    rise = LATENCY_RISE_MS if symptom else LATENCY_RISE_MS / 5
    return Spec(
        kind=Kind.LATENCY, unit=unit, direction=1, symptom=symptom, relative=0.15,
        absolute=per_ms, rise=rise * per_ms, factor=1.5, need=3 if symptom else 2,
    )  # fmt: skip


def _rate() -> Spec:
    return Spec(kind=Kind.RATE, unit="1/s", absolute=0.2, factor=1.5, follows_load=True)


def _gauge(name: str, unit: str) -> Spec:
    if unit in _BYTES or (unit not in {"1", "%"} and _SIZE.search(name) and "ratio" not in name):
        return Spec(kind=Kind.SIZE, unit=unit, direction=1, relative=0.06, absolute=1.0, factor=1.1)
    if _SHARE.search(name) or unit == "%":
        whole = 100.0 if unit == "%" else 1.0
        return Spec(
            kind=Kind.SHARE, unit=unit or "1", absolute=0.03 * whole, rise=SHARE_RISE * whole,
            follows_load=True,
        )  # fmt: skip
    if _PILE.search(name):
        return Spec(kind=Kind.LEVEL, unit=unit, direction=1, absolute=1.0, rise=3.0)
    return Spec(kind=Kind.LEVEL, unit=unit, absolute=0.02, follows_load=True)


def is_symptom(indicator: str, unit: str = "") -> bool:
    """True when users of the entity feel a deviation of ``indicator``.

    >>> is_symptom("error_ratio"), is_symptom("client_error_ratio")
    (True, False)
    """
    return spec_of(indicator, unit).symptom


def unit_of(indicator: str, unit: str = "") -> str:
    """The unit of ``indicator``; ``unit`` is what its source says."""
    return spec_of(indicator, unit).unit or unit
