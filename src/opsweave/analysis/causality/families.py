"""What an indicator's name says about the mechanism behind its deviation: a general vocabulary."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Family(StrEnum):
    """Kinds of signs. Those in :data:`HARD` do not arise merely because a dependency is slow."""

    PRESENCE = "presence"
    ERRORS = "errors"
    OWN_ERRORS = "own_errors"
    LATENCY = "latency"
    OWN_TIME = "own_time"
    CALLS = "calls"
    LOAD = "load"
    CPU = "cpu"
    MEMORY = "memory"
    STORAGE = "storage"
    POOL = "pool"
    LOCK_HELD = "lock_held"
    LOCK_WAIT = "lock_wait"
    QUEUE = "queue"
    DATA = "data"
    MODEL = "model"
    LOGS = "logs"
    ACCESS = "access"
    OTHER = "other"


HARD = frozenset(
    {
        Family.PRESENCE,
        Family.CPU,
        Family.MEMORY,
        Family.STORAGE,
        Family.LOCK_HELD,
        Family.DATA,
        Family.ACCESS,
    }
)
OWN = HARD | {
    Family.OWN_ERRORS,
    Family.OWN_TIME,
    Family.POOL,
    Family.LOCK_WAIT,
    Family.QUEUE,
    Family.MODEL,
}
"""Families that say something about the entity itself rather than about what it calls."""

PROCESS = frozenset({Family.CPU, Family.MEMORY, Family.LOAD})
"""Families that only something that runs has: what others speak for can fall silent with them."""

_DERIVED = {
    "heartbeat": Family.PRESENCE,
    "error_ratio": Family.ERRORS,
    "latency_p50": Family.LATENCY,
    "latency_p95": Family.LATENCY,
    "self_time_p95": Family.OWN_TIME,
    "client_latency_p95": Family.CALLS,
    "client_error_ratio": Family.CALLS,
    "client_requests": Family.OTHER,
    "requests": Family.LOAD,
    "logs": Family.LOGS,
    "error_logs": Family.LOGS,
    "instances": Family.OTHER,
    "restarts": Family.OTHER,
}
_WORDS: tuple[tuple[str, Family], ...] = (
    (r"lock.*(held|hold)|(held|hold).*lock", Family.LOCK_HELD),
    (r"lock|deadlock|contention", Family.LOCK_WAIT),
    (r"declin|wrong_answer|prediction|\bmodel\b|score", Family.MODEL),
    (r"dataset|feature|null_|\brows?\b|freshness|schema|drift", Family.DATA),
    (r"cpu|processor|\bload1?\b", Family.CPU),
    (r"disk|storage|filesystem|\bfs_|inode|quota", Family.STORAGE),
    (r"memory|heap|\brss\b|\bgc\b|swap", Family.MEMORY),
    (r"queue|backlog|\blag\b|\bdelay\b|unacked|outbox", Family.QUEUE),
    (r"pool|worker|thread|connection|waiting|semaphore|slots|saturation", Family.POOL),
    (r"error|fail|exception|5xx", Family.ERRORS),
    (r"latency|duration|response_time", Family.LATENCY),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), family) for pattern, family in _WORDS)
ACCESS_WORDS = re.compile(
    r"\b(40[13]|unauthori[sz]ed|authenticat\w*|forbidden|credentials?|expired|"
    r"(api|access)[ _-]?key|certificate|token (?:is )?(?:invalid|expired)|permission denied)\b",
    re.IGNORECASE,
)
"""Words by which systems complain that they are not let in."""
_TOKEN = re.compile(r"[a-z]+")


@lru_cache(maxsize=8192)
def family_of(indicator: str) -> Family:
    """The family of an indicator's name.

    >>> family_of("self_time_p95").value, family_of("db.lock.wait_time").value
    ('own_time', 'lock_wait')
    >>> family_of("process.memory.usage").value, family_of("hikari.pool.pending").value
    ('memory', 'pool')
    """
    known = _DERIVED.get(indicator)
    if known is not None:
        return known
    if indicator.startswith("log_template:"):
        return Family.LOGS
    for pattern, family in _COMPILED:
        if pattern.search(indicator):
            return family
    return Family.OTHER


@lru_cache(maxsize=8192)
def tokens(text: str) -> frozenset[str]:
    """Words of a name, without those that say nothing.

    >>> sorted(tokens("pool.max_size"))
    ['pool']
    """
    found = _TOKEN.findall(text.lower())
    return frozenset(found) - {"max", "min", "size", "s", "ms", "p", "time", "rate", "mean", "the"}


def is_of_process(indicator: str) -> bool:
    """Whether only something that runs by itself has such an indicator.

    >>> is_of_process("process.cpu.utilization"), is_of_process("dataset.rows")
    (True, False)
    """
    return family_of(indicator) in PROCESS
