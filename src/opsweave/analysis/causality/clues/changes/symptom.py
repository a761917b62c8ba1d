"""Kinds of trouble that software can be in, and the general words by which they are told."""

from __future__ import annotations

import re
from enum import StrEnum


class Symptom(StrEnum):
    """What is wrong, as far as messages and names of metrics tell."""

    RACE = "race"
    CRASH = "crash"
    NOTHING = "nothing there"
    MEMORY = "memory"
    DISK = "disk"
    CPU = "cpu"
    LATENCY = "latency"
    TIMEOUT = "timeout"
    ERRORS = "errors"
    AUTH = "not let in"
    PARSE = "not understood"
    UNKNOWN_NAME = "unknown name"
    CONNECT = "not reached"
    POOL = "pool exhausted"
    LIMITED = "throttled"
    QUEUE = "backlog"
    CACHE = "cache missed"
    LOAD = "load"
    LOCK = "lock"
    QUERY = "queries"
    VERBOSE = "log volume"
    CERTIFICATE = "certificate"
    DESCRIPTORS = "descriptors"
    DATA = "wrong data"
    SETTING = "setting"
    REJECTED = "rejected"
    EXPIRED = "expired"


USUAL: dict[Symptom, float] = {
    Symptom.ERRORS: 0.5,
    Symptom.LATENCY: 0.4,
    Symptom.TIMEOUT: 0.3,
    Symptom.QUEUE: 0.2,
    Symptom.LOAD: 0.2,
    Symptom.CRASH: 0.2,
    Symptom.CPU: 0.15,
    Symptom.MEMORY: 0.15,
    Symptom.CONNECT: 0.15,
    Symptom.QUERY: 0.15,
    Symptom.SETTING: 0.15,
    Symptom.VERBOSE: 0.15,
    Symptom.REJECTED: 0.15,
    Symptom.PARSE: 0.12,
}
"""Share of incidents, whatever their cause, that tell of a symptom; a guess. Others: 0.08."""
RARE = 0.08


def _compiled(table: dict[Symptom, str]) -> tuple[tuple[Symptom, re.Pattern[str]], ...]:
    return tuple((s, re.compile(pattern, re.IGNORECASE)) for s, pattern in table.items())


SPOKEN = _compiled(
    {
        Symptom.RACE: r"concurrent (map|modif|access|update|write)|data race|race condition|"
        r"ConcurrentModification|stale object|optimistic lock|lost update|not thread.?safe|"
        r"double (free|charge|spend)|duplicate (key|charge|order|entry)",
        Symptom.CRASH: r"panic|segfault|sigsegv|fatal|core dump|crash|abort(ed)?\b|unhandled|"
        r"uncaught|stack overflow|assert(ion)? ?fail|index out of (range|bounds)|"
        r"IndexError|divi(de|sion) by zero",
        Symptom.NOTHING: r"nil (pointer|map)|null ?pointer|NullReference|NoneType|undefined is not|"
        r"of (undefined|null)\b|is (null|nil|undefined|None)\b|unwrap\(?\)? on a `?None|"
        r"must not be null|dereferenc",
        Symptom.MEMORY: r"out of memory|\boom\b|oom.?kill|heap|\brss\b|memory|gc (pause|overhead|"
        r"time)|garbage collect|allocation fail|working.?set",
        Symptom.DISK: r"no space left|disk|volume|filesystem|inode|enospc|read-only file|quota exc",
        Symptom.CPU: r"\bcpu\b|throttled periods|load average|busy loop|spinning|event loop (lag|"
        r"block|delay)",
        Symptom.LATENCY: r"slow|latency|duration|took (too )?long|response.?time|\bp9[0-9]",
        Symptom.TIMEOUT: r"time[ds]?.?out|deadline exceeded|context (deadline|cancel)|"
        r"budget exceeded|timed.?out",
        Symptom.ERRORS: r"\b5\d\d\b|5xx|internal server error|error.?(rate|ratio)|failure rate",
        Symptom.AUTH: r"unauthori[sz]ed|forbidden|\b40[13]\b|authenticat|permission|access ?denied|"
        r"not authori[sz]ed|"
        r"invalid (token|signature|credential|api.?key|audience|issuer)|token (is |has )?expired|"
        r"signature (mismatch|verif)|not allowed|\bcors\b|csrf|login fail",
        Symptom.PARSE: r"deseriali[sz]|seriali[sz]|unmarshal|pars(e|ing)|decod(e|ing)|malformed|"
        r"unexpected (token|end|field|type)|invalid (json|format|character|syntax|date|utf)|"
        r"missing (required )?(field|property|column|attribute)|unknown (field|enum|property)|"
        r"schema (mismatch|valid|violat|incompat)|type ?error|cannot convert|not a number|"
        r"ClassCast|validation (error|fail)|cannot be cast|no such field|required (key|field)",
        Symptom.UNKNOWN_NAME: r"does not exist|doesn't exist|no such (table|column|key|topic|queue|"
        r"bucket|method|attribute|module|index)|undefined (column|table|method|function|variable)|"
        r"unknown (column|table|topic|host|method)|not found|could not find|unresolved|"
        r"NoSuchMethod|AttributeError|ImportError|ModuleNotFound|ClassNotFound|KeyError|"
        r"NameError|relation .{1,60} does not",
        Symptom.CONNECT: r"connection (refused|reset|closed|failed|error)|econn|no route|"
        r"unreachable|\bdns\b|name resolution|no such host|nxdomain|could not connect|"
        r"broken pipe|dial (tcp|error)|connect(ion)?s?\W{0,3}(fail|error)|"
        r"cannot (open|assign|establish|bind)|address (already )?in use",
        Symptom.POOL: r"pool (is )?(exhaust|full|wait|timeout|saturat|size|limit)|too many "
        r"connections|remaining connection slots|"
        r"no (free|available) (connection|worker|thread|slot)|"
        r"(connection|thread|worker).{0,20}(exhaust|saturat|unavailable|starv)|acquire|"
        r"waiting for (a )?(connection|thread|slot)|pool|rejected execution|queue is full",
        Symptom.LIMITED: r"\b429\b|too many requests|rate.?limit|throttl|quota",
        Symptom.QUEUE: r"backlog|consumer lag|\blag\b|unacked|dead.?letter|redeliver|not acking|"
        r"oldest.?message|queue (depth|length|size|age)|queue_|poison|offset",
        Symptom.CACHE: r"cache|hit (rate|ratio)|evict|\bmiss(es)?\b",
        Symptom.LOAD: r"request.?rate|requests? per|\brps\b|\bqps\b|throughput|traffic|surge|"
        r"overload|saturat",
        Symptom.LOCK: r"deadlock|lock (wait|timeout|contention|acqui)|blocked by|waiting for lock|"
        r"contention|\block",
        Symptom.QUERY: r"quer(y|ies)|seq(uential)? scan|full (table )?scan|\bselect\b|\bsql\b|"
        r"rows examined|statement|database|\bdb[_ .]",
        Symptom.VERBOSE: r"log (volume|rate|write|ingest)|logs? per|debug|trace level|\blog_|"
        r"verbose",
        Symptom.CERTIFICATE: r"certificate|x509|\btls\b|\bssl\b|handshake|\bca\b bundle",
        Symptom.DESCRIPTORS: r"too many open files|file descriptor|emfile|open (files|sockets)|"
        r"fd (limit|leak|count)|_fds?\b|goroutine (leak|count)|goroutines|handles?\b",
        Symptom.DATA: r"mismatch|inconsisten|incorrect|wrong (value|amount|price|total|result)|"
        r"negative (amount|stock|balance)|checksum|stale|drift|corrupt|discrepan|overcharg|"
        r"rounding|off by|reconcil",
        Symptom.REJECTED: r"too (large|big|long|many)|\b4(00|13|14|22|31)\b|reject|"
        r"exceeds (the )?(max|limit|size)|larger than|longer than|not accept",
        Symptom.EXPIRED: r"expir|not yet valid|too old|in the future|out ?dated|clock|"
        r"time ?stamp",
        Symptom.SETTING: r"config|environment variable|env var|setting|not (set|configured)|"
        r"missing (env|config|secret|key)|feature flag|property .{1,40} (not|is)",
    }
)
"""Words in messages and names of metrics."""


def told(text: str) -> dict[Symptom, int]:
    """Symptoms that a text tells of, with how often.

    >>> sorted(s.name for s in told("pool exhausted: timed out waiting for a connection"))
    ['POOL', 'TIMEOUT']
    """
    return {s: n for s, pattern in SPOKEN if (n := len(pattern.findall(text)))}
