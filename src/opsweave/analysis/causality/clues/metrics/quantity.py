"""What an indicator measures, by a general vocabulary: of whom, from which side, good or bad."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Kind(StrEnum):
    """What is measured."""

    LATENCY = "latency"
    ERRORS = "errors"
    TRAFFIC = "traffic"
    WORK = "work"
    """A resource whose use costs time: processor, disk, network retries."""
    MEMORY = "memory"
    CROWD = "crowd"
    """What waits or is held: connections, threads, queues."""
    OTHER = "other"


class Quantity(NamedTuple):
    """One indicator, understood."""

    kind: Kind
    word: str = ""
    """By which it was understood: series of one word are about one thing."""
    client: bool = False
    """Seen by who calls; otherwise by who serves, or about the entity itself."""
    success: bool = False
    """Share or number of what went well: less of it is worse."""
    requests: bool = False
    """Counts requests, so that a mean times it is a total."""
    share: str = ""
    """Which part of a distribution: its percentile, or '' for a mean or a plain value."""
    host: bool = False
    """About the host below rather than the entity."""
    caller: str = ""
    callee: str = ""
    """The two ends, where the name gives them as ``name{caller->callee}``."""
    holds: bool = False
    """How long, or how much, of what others need is kept from them: a lock, a transaction."""
    counter: bool = False
    """Named like a running total; whether it is one, its samples say."""


_WORDS: tuple[tuple[str, Kind], ...] = (
    (r"retrans|\btcp[ _]?ret|packet ?loss|\bdrop(s|ped)?\b|collision", Kind.WORK),
    (r"avail|success|error|fail|exception|[45]xx|\b[45]\d\d\b|reject|timed? ?out", Kind.ERRORS),
    (r"throttl|cfs|cpu|processor|\bload ?(1|5|15|avg|average)\b", Kind.WORK),
    (r"disk|storage|filesystem|\bfs\b|inode|quota", Kind.WORK),
    (r"mem\b|memory|heap|\brss\b|\bgc\b|swap|\boom", Kind.MEMORY),
    (r"socket|connection|thread|handle|\bfds?\b|pool|queue|backlog|\blag\b", Kind.CROWD),
    (r"pending|in ?flight", Kind.CROWD),
    (r"p\d\d(?!\d)|laten|\blat\b|duration|response ?time|\brtt\b|percentile", Kind.LATENCY),
    (r"request|work ?load|\bload\b|\b[rqt]ps\b|throughput|\bcalls\b|\bhits\b", Kind.TRAFFIC),
    (r"traffic|network|net ?[rt]x|receive|transmit|bytes|packets|sys ?(read|write)", Kind.TRAFFIC),
)
_COMPILED = tuple((re.compile(words), kind) for words, kind in _WORDS)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAKS = re.compile(r"[^a-z0-9]+")
_ENDS = re.compile(r"\{\s*(.+?)\s*->\s*(.+?)\s*\}")
_CLIENT = re.compile(r"client|outbound|egress|upstream")
_REQUESTS = re.compile(r"(?<!per )request|work ?load|\bload\b|\b[rqt]ps\b|\bcalls\b|\bhits\b")
_SHARE = re.compile(r"(?<!\d)(50|75|90|95|99)(?!\d)")
_HOST = re.compile(r"^(node|host|machine)\b")
_COUNTER = re.compile(r" (total|count)$")
_HOLDS = re.compile(r"\bheld\b|\bhold(s|ing|ers?)?\b|\bblocking\b|\bin transaction\b")
_SUCCESS = re.compile(r"avail|success")


@lru_cache(maxsize=16384)
def quantity(name: str) -> Quantity:
    """Understand an indicator's name.

    >>> quantity("availability_Average").success, quantity("serverP95").share
    (True, '95')
    >>> quantity("latency_p90{web->cart}").callee, quantity("client_latency").client
    ('cart', True)
    >>> [quantity(n).kind.value for n in ("process.cpu.usage", "rps", "http_5xx_ratio")]
    ['work', 'traffic', 'errors']
    """
    ends = _ENDS.search(name)
    text = _BREAKS.sub(" ", _CAMEL.sub(" ", name[: ends.start()] if ends else name).lower())
    matches = ((words.search(text), kind) for words, kind in _COMPILED)
    match, kind = next(((m, kind) for m, kind in matches if m), (None, Kind.OTHER))
    share = _SHARE.search(text) if kind is Kind.LATENCY else None
    return Quantity(
        kind=kind,
        word=match.group(0) if match else text,
        client=_CLIENT.search(text) is not None,
        success=kind is Kind.ERRORS and _SUCCESS.search(text) is not None,
        requests=kind is Kind.TRAFFIC and _REQUESTS.search(text) is not None,
        share=share.group(1) if share else "",
        host=_HOST.search(text) is not None,
        caller=ends.group(1) if ends else "",
        callee=ends.group(2) if ends else "",
        holds=_HOLDS.search(text) is not None,
        counter=_COUNTER.search(text) is not None,
    )


SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
"""By unit; a latency without a unit is taken as it is."""
