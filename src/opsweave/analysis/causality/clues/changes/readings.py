"""What a metric of a case is about: its kind, the edge that it names, and what is bad for it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from opsweave.analysis.causality.families import Family, family_of


class Kind(StrEnum):
    """Kinds of readings that a change is judged by."""

    SUCCESS = "success"
    ERROR = "error"
    LATENCY = "latency"
    CPU = "cpu"
    MEMORY = "memory"
    LOAD = "load"
    HOST = "host"
    OTHER = "other"


class Reading(NamedTuple):
    """``edge`` is (caller, callee) when the name says ``metric{caller->callee}``."""

    kind: Kind
    edge: tuple[str, str] | None


_EDGE = re.compile(r"^(?P<metric>[^{]+)\{(?P<caller>[^{}>]+?)->(?P<callee>[^{}>]+)\}$")
_SUCCESS = re.compile(r"success|availab|\bup\b", re.IGNORECASE)
_HOST = re.compile(r"^(node|host|machine)[_.]", re.IGNORECASE)
_LOAD = re.compile(
    r"requests?($|_per|_rate|_count|_total|\.per)|\b(rps|qps|tps)\b|_(rps|qps|tps)$|"
    r"request_rate|throughput|traffic|sessions_(active|per)|logins_per",
    re.IGNORECASE,
)
_OF_FAMILY = {
    Family.ERRORS: Kind.ERROR,
    Family.OWN_ERRORS: Kind.ERROR,
    Family.LATENCY: Kind.LATENCY,
    Family.OWN_TIME: Kind.LATENCY,
    Family.CALLS: Kind.LATENCY,
    Family.CPU: Kind.CPU,
    Family.MEMORY: Kind.MEMORY,
    Family.LOAD: Kind.LOAD,
}


BAD_LEVEL = re.compile(r"warn|err|fatal|crit|alert|emerg|severe", re.IGNORECASE)
"""Severities of lines that complain."""
_VARIABLE = re.compile(r"\b[0-9a-f]{8,}\b|\b0x[0-9a-f]+\b|\d+", re.IGNORECASE)


def shape(text: str) -> str:
    """A line without what varies from one to the next.

    >>> shape("took 31 ms for 9f86d081884c")
    'took # ms for #'
    """
    return _VARIABLE.sub("#", text)


@lru_cache(maxsize=65536)
def reading_of(metric: str) -> Reading:
    """The kind and edge of a metric's name.

    >>> reading_of("success_rate{web->cart}")
    Reading(kind=<Kind.SUCCESS: 'success'>, edge=('web', 'cart'))
    >>> reading_of("http_server_duration_p99_ms").kind.value, reading_of("orders_qps").kind.value
    ('latency', 'load')
    """
    found = _EDGE.match(metric)
    name = found["metric"] if found else metric
    edge = (found["caller"], found["callee"]) if found else None
    if _HOST.search(name):
        return Reading(Kind.HOST, edge)
    if _SUCCESS.search(name):
        return Reading(Kind.SUCCESS, edge)
    kind = _OF_FAMILY.get(family_of(name), Kind.OTHER)
    if kind is Kind.OTHER and _LOAD.search(name):
        kind = Kind.LOAD
    return Reading(kind, edge)
