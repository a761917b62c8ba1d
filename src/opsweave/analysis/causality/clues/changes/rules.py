"""Risky edits: how a diff shows them and which trouble they make. General software lore.

Kinds of fault-inducing edits follow the orthogonal defect classes (Chillarege et al., 1992:
checking, assignment, interface, timing and serialisation, function) as far as lines tell them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes import symptom

S = symptom.Symptom
LOST, GAINED, FEWER, MORE, TURNED = "lost", "gained", "fewer", "more", "turned"
"""Fewer and more: a number went down or up; turned: a literal became another one."""


class Rule(NamedTuple):
    """``makes`` are kinds of trouble with how well the edit explains each, in [0, 1]."""

    says: str
    side: str
    pattern: re.Pattern[str]
    makes: dict[S, float]
    weight: float = 1.0


def _rule(says: str, side: str, pattern: str, makes: dict[S, float], weight: float = 1.0) -> Rule:
    return Rule(says, side, re.compile(pattern, re.IGNORECASE), makes, weight)


_TIME = r"time_?out|deadline|max_?wait|patience|keep_?alive|idle"
_POOLS = (
    r"pool|conn(ection)?s?\b|max_?conn|max_?open|max_?idle|workers?|threads?|concurren|parallel|"
    r"replicas?|prefetch|slots?|max_?in_?flight|semaphore|executor|capacity|max_?size"
)
_LIMITS = (
    r"limit|max_|\bmax|\bcap\b|capacity|ttl|expir|evict|retention|bound|size|keep|history|window|"
    r"buffer|batch|entries|depth|length"
)
_SLOW = {S.LATENCY: 0.9, S.TIMEOUT: 0.8, S.CPU: 0.5, S.POOL: 0.5}
_BREAKS = {S.ERRORS: 0.5, S.CRASH: 0.6}

RULES: tuple[Rule, ...] = (
    _rule("takes away a lock", LOST,
          r"\b(r?w?mutex|(r|un)?lock\w*|synchronized|semaphore|atomic\w*|with_lock|for update|"
          r"transaction\w*|serializable|compare_?and_?swap|setnx)\b",
          {S.RACE: 1.0, S.CRASH: 0.8, S.DATA: 0.9, S.ERRORS: 0.5, S.LOCK: 0.3}),
    _rule("holds a lock more", GAINED,
          r"\b(r?w?mutex|(r|un)?lock\w*|synchronized|with_lock|for update|lock table|"
          r"\w*for_update|transaction\w*|atomic\w*|serializable|isolation\w*|"
          r"access exclusive|global_lock|single_?thread\w*|max_workers=1)\b",
          {S.LOCK: 1.0, **_SLOW, S.POOL: 0.6}),
    _rule("takes away a check", LOST,
          r"\b(if|unless|guard|assert\w*|require\w*|ensure\w*|check\w*|valid\w*|saniti\w*|"
          r"is_?none|!= ?n(il|ull)|is not none|\?\?|orelse|ifpresent|optional|getordefault|"
          r"leeway|tolerance|skew|grace|fallback|default)\b|\?\.",
          {S.NOTHING: 1.0, S.CRASH: 0.9, S.EXPIRED: 0.7, S.AUTH: 0.7, S.PARSE: 0.7,
           S.DATA: 0.7, **_BREAKS}),
    _rule("takes away the handling of an error", LOST,
          r"\b(try|catch|except|rescue|recover|on_?error|finally|errors?\.is|fallback|"
          r"circuit\w*|breaker)\b",
          {S.CRASH: 1.0, S.ERRORS: 0.8, S.NOTHING: 0.6, S.QUEUE: 0.4, S.TIMEOUT: 0.4}),
    _rule("is stricter", GAINED,
          r"\b(strict\w*|require\w*|enforce\w*|must|reject\w*|deny|forbid\w*|not ?null|"
          r"additionalproperties|disallow\w*|unknown_?fields?|raise|throw)\b",
          {S.AUTH: 0.9, S.PARSE: 0.9, S.REJECTED: 0.9, S.ERRORS: 0.6, S.DATA: 0.4,
           S.SETTING: 0.4}),
    _rule("takes away a limit", LOST,
          r"\b(limit|max\w*|cap|ttl|expir\w*|evict\w*|lru\w*|bounded|prun\w*|purg\w*|trim\w*|"
          r"truncat\w*|retention|rotat\w*|clean_?up\w*|page_?size|paginat\w*|gc|delete|pop|"
          r"remove\w*|maxlen|weakref|weakmap|compact\w*)\b",
          {S.MEMORY: 1.0, S.DISK: 0.9, S.QUEUE: 0.6, S.LATENCY: 0.6, S.QUERY: 0.5, S.CPU: 0.4}),
    _rule("takes away a release", LOST,
          r"\b(close\w*|dispos\w*|releas\w*|free|defer|finally|unsubscribe|off|detach|"
          r"remove_?(event_?)?listener|cancel\w*|stop|shutdown|clear(interval|timeout)|"
          r"rollback|unref|put_?back|with)\b|\busing\b",
          {S.DESCRIPTORS: 1.0, S.POOL: 1.0, S.MEMORY: 0.9, S.LOCK: 0.6, S.CONNECT: 0.5,
           S.TIMEOUT: 0.5, S.LATENCY: 0.4}),
    _rule("keeps more in memory", GAINED,
          r"\b(append|push|put|add|store|register\w*|subscribe|add_?(event_?)?listener|memo\w*|"
          r"\w*cache\w*|history|buffer\w*|accumulat\w*|static|global|concurrenthashmap|"
          r"maxsize ?= ?none|readall|read_?to_?end|fetchall|tolist|to_a|collect|preload\w*|"
          r"load_?all)\b",
          {S.MEMORY: 0.8, S.DESCRIPTORS: 0.3}, 0.7),
    _rule("makes a pool smaller", FEWER, _POOLS,
          {S.POOL: 1.0, S.TIMEOUT: 0.9, S.LATENCY: 0.9, S.QUEUE: 0.8, S.ERRORS: 0.5, S.LOAD: 0.3}),
    _rule("makes a pool larger", MORE, _POOLS,
          {S.POOL: 0.8, S.CONNECT: 0.7, S.LOAD: 0.7, S.CPU: 0.6, S.MEMORY: 0.6, S.LIMITED: 0.6,
           S.LOCK: 0.6, S.QUERY: 0.4}),
    _rule("waits less long", FEWER, _TIME,
          {S.TIMEOUT: 1.0, S.ERRORS: 0.7, S.CONNECT: 0.6, S.LOAD: 0.3, S.QUEUE: 0.4}),
    _rule("waits longer", MORE, _TIME, {S.POOL: 0.8, S.LATENCY: 0.7, S.DESCRIPTORS: 0.4}, 0.8),
    _rule("no longer reuses what is costly", LOST,
          r"\b(keep_?alive\w*|reus\w*|persistent|pool\w*|singleton|shared\w*|idle_?conn\w*)\b",
          {S.CONNECT: 0.9, S.DESCRIPTORS: 0.8, S.LATENCY: 0.7, S.POOL: 0.6, S.CPU: 0.4}),
    _rule("takes away a time-out", LOST, r"\b\w*(timeout|deadline)\w*",
          {S.LATENCY: 0.9, S.POOL: 0.9, S.DESCRIPTORS: 0.6, S.QUEUE: 0.5, S.TIMEOUT: 0.4}),
    _rule("retries more", MORE, r"retr(y|ies)|attempt|redeliver|requeue",
          {S.LOAD: 1.0, S.LIMITED: 0.8, S.LATENCY: 0.6, S.QUEUE: 0.6, S.POOL: 0.6, S.CPU: 0.4}),
    _rule("retries", GAINED, r"\b(retr(y|ies|ying)\w*|attempts?|requeue\w*)\b",
          {S.LOAD: 1.0, S.LIMITED: 0.7, S.LATENCY: 0.6, S.QUEUE: 0.6, S.POOL: 0.5, S.RACE: 0.3}),
    _rule("takes away a pause between attempts", LOST,
          r"\b(back_?off|jitter|sleep|delay|debounc\w*)",
          {S.LOAD: 1.0, S.CPU: 0.8, S.LIMITED: 0.8, S.LATENCY: 0.4}),
    _rule("takes away a cache", LOST, r"\w*(cache|memo(iz|is)|redis|memcache|lru)\w*",
          {S.CACHE: 1.0, S.LATENCY: 0.9, S.QUERY: 0.9, S.LOAD: 0.8, S.CPU: 0.6, S.POOL: 0.5}),
    _rule("keeps cached things less long", FEWER, r"ttl|expir|max_?age|cache|fresh",
          {S.CACHE: 1.0, S.EXPIRED: 0.8, S.LATENCY: 0.8, S.QUERY: 0.8, S.LOAD: 0.8,
           S.AUTH: 0.4}),
    _rule("keeps cached things under other keys", TURNED,
          r"key|cache|prefix|fingerprint|etag|vary",
          {S.CACHE: 1.0, S.LATENCY: 0.5, S.QUERY: 0.6, S.DATA: 0.5, S.LOAD: 0.4}, 0.8),
    _rule("keeps things longer", MORE, r"ttl|expir|max_?age|retention|keep|history|stale",
          {S.MEMORY: 0.9, S.DISK: 1.0, S.DATA: 0.7, S.AUTH: 0.3}),
    _rule("raises a bound", MORE, _LIMITS,
          {S.REJECTED: 0.8, S.MEMORY: 0.8, S.DISK: 0.6, S.LATENCY: 0.5, S.QUERY: 0.5,
           S.TIMEOUT: 0.4}, 0.8),
    _rule("lowers a bound", FEWER, _LIMITS,
          {S.REJECTED: 1.0, S.ERRORS: 0.5, S.LIMITED: 0.6, S.PARSE: 0.4, S.QUEUE: 0.6,
           S.MEMORY: 0.5,
           S.LATENCY: 0.4}, 0.8),
    _rule("lowers a rate", FEWER, r"rate|quota|burst|rps|qps|throttl|per_?(sec|min|hour)",
          {S.LIMITED: 1.0, S.REJECTED: 0.7, S.ERRORS: 0.6, S.QUEUE: 0.6}),
    _rule("limits requests", GAINED, r"\b(rate[ _-]?limit\w*|throttl\w*|quota\w*|token_?bucket)\b",
          {S.LIMITED: 1.0, S.ERRORS: 0.5, S.LATENCY: 0.4}),
    _rule("gives a process fewer resources", FEWER,
          r"memory|cpu|heap|xmx|resources|limits|requests|ulimit|nofile",
          {S.MEMORY: 1.0, S.CPU: 1.0, S.CRASH: 0.6, S.LATENCY: 0.7, S.DESCRIPTORS: 0.6}),
    _rule("logs more", TURNED, r"level|verbos|log",
          {S.VERBOSE: 1.0, S.DISK: 1.0, S.CPU: 0.5, S.LATENCY: 0.4}),
    _rule("keeps more samples or lines", MORE, r"sampl|trace_?rat|log_?rat|verbos",
          {S.VERBOSE: 1.0, S.DISK: 1.0, S.CPU: 0.5, S.MEMORY: 0.4, S.LOAD: 0.4}),
    _rule("logs in more places", GAINED,
          r"\b(log(ger)?\.(debug|info|trace|print\w*)|print(ln|f)?|console\.log|dump\w*)\b",
          {S.VERBOSE: 0.9, S.DISK: 0.7, S.CPU: 0.3}, 0.6),
    _rule("asks the database otherwise", GAINED,
          r"\b(select|where|join|order by|group by|\w*like|having|distinct|count\(|offset|"
          r"in \(|prefetch_related|includes|eager|lazy)\b",
          {S.QUERY: 1.0, S.LATENCY: 0.8, S.TIMEOUT: 0.6, S.CPU: 0.6, S.UNKNOWN_NAME: 0.9,
           S.LOCK: 0.5, S.MEMORY: 0.4, S.DATA: 0.4}),
    _rule("takes away an index", LOST, r"\b(index\w*|db_index|add_index|create index)\b",
          {S.QUERY: 1.0, S.LATENCY: 1.0, S.CPU: 0.9, S.TIMEOUT: 0.7, S.LOCK: 0.5}),
    _rule("drops or alters what is stored", GAINED,
          r"\b(drop (table|column|index|constraint)|alter table|rename (column|table|to)|"
          r"remove_?(column|index|field)|add_?column|set not null|truncate table|migrat\w*|"
          r"reindex|vacuum full)\b",
          {S.UNKNOWN_NAME: 1.0, S.LOCK: 0.9, S.QUERY: 0.8, S.LATENCY: 0.7, S.ERRORS: 0.6,
           S.PARSE: 0.5, S.DATA: 0.5}),
    _rule("waits in line", GAINED,
          r"\b(sleep|await|\.get\(\)|\.result\(\)|\.join\(\)|block(ing|on)?|sync\b|"
          r"readfilesync|execsync|wait\w*|run_until_complete)",
          {S.LATENCY: 0.9, S.TIMEOUT: 0.7, S.POOL: 0.7, S.CPU: 0.3}, 0.7),
    _rule("does more at once", GAINED,
          r"\bgo func|promise\.all|asyncio\.gather|parallel\w*|threadpool\w*|executor\w*|"
          r"\bspawn\b|fan_?out|goroutine|create_task|broadcast",
          {S.LOAD: 0.8, S.RACE: 0.8, S.POOL: 0.7, S.MEMORY: 0.6, S.CPU: 0.6, S.DESCRIPTORS: 0.6,
           S.LIMITED: 0.6}),
    _rule("matches text otherwise", GAINED,
          r"re\.compile|regexp?\b|\.match\(|pattern|\([^)]*[+*]\)[+*]|mustcompile",
          {S.CPU: 0.9, S.LATENCY: 0.7, S.PARSE: 0.6, S.TIMEOUT: 0.5, S.DATA: 0.3}, 0.8),
    _rule("computes more", GAINED,
          r"\b(sort\w*|deep_?copy|clone|hash\w*|bcrypt|pbkdf\w*|encrypt\w*|compress\w*|gzip|"
          r"recurs\w*|json\.(dumps|stringify|marshal)|sha\d+|levenshtein|permut\w*)\b",
          {S.CPU: 0.8, S.LATENCY: 0.7, S.TIMEOUT: 0.4, S.MEMORY: 0.3}, 0.7),
    _rule("changes who is let in", TURNED,
          r"auth|token|jwt|role|scope|audience|issuer|permission|secret|credential|password|"
          r"api_?key|cors|origin|allow|policy|sign|algorithm|aud\b|iss\b",
          {S.AUTH: 1.0, S.ERRORS: 0.5, S.CONNECT: 0.3}),
    _rule("touches how callers are let in", LOST,
          r"\b(auth\w*|token\w*|jwt\w*|scope\w*|permission\w*|role\w*|credential\w*|"
          r"signature\w*|audience|leeway|skew|session\w*|cookie\w*)\b",
          {S.AUTH: 0.8}, 0.7),
    _rule("points elsewhere", TURNED,
          r"host|addr|endpoint|url|uri|port\b|server|broker|dns|domain|bucket|queue|topic|"
          r"region|namespace|database|schema|path|group|client_?id|consumer|channel",
          {S.CONNECT: 1.0, S.UNKNOWN_NAME: 0.8, S.TIMEOUT: 0.7, S.ERRORS: 0.6, S.AUTH: 0.5,
           S.QUEUE: 0.5, S.DATA: 0.3}),
    _rule("changes the secured transport", GAINED,
          r"\b(tls\w*|ssl\w*|cipher\w*|certificat\w*|x509|keystore|truststore|verify\w*|mtls)\b",
          {S.CERTIFICATE: 1.0, S.CONNECT: 0.7, S.AUTH: 0.4}, 0.8),
    _rule("renames or retypes what is exchanged", TURNED,
          r".",
          {S.PARSE: 1.0, S.UNKNOWN_NAME: 0.8, S.NOTHING: 0.6, S.DATA: 0.5, S.SETTING: 0.5,
           S.ERRORS: 0.3}, 0.8),
    _rule("reads another setting", GAINED,
          r"getenv|environ\b|process\.env|os\.env|config(uration)?\.(get|require|must)|"
          r"viper\.|\$\{[A-Z_]+|secretref|valuefrom|@value",
          {S.SETTING: 1.0, S.UNKNOWN_NAME: 0.6, S.CRASH: 0.5, S.NOTHING: 0.5, S.CONNECT: 0.4}),
    _rule("turns a switch", TURNED, r"enabl|disabl|flag|feature|toggle|active|use_|strict|mode",
          {S.ERRORS: 0.5, S.LATENCY: 0.5, S.AUTH: 0.4, S.CACHE: 0.4, S.SETTING: 0.4}, 0.7),
    _rule("may go on without an end", GAINED,
          r"\bloop do\b|while ?\(?(true|1)\b|for ?\(;;\)|\bfor \{|\bgoto\b|\bloop \{",
          {S.CPU: 1.0, S.LOAD: 0.8, S.LIMITED: 0.7, S.MEMORY: 0.6, S.QUEUE: 0.5, S.LATENCY: 0.4}),
    _rule("no longer leaves a loop", LOST, r"\bbreak\b",
          {S.CPU: 0.9, S.LOAD: 0.6, S.LIMITED: 0.6, S.MEMORY: 0.5}, 0.6),
    _rule("reckons time otherwise", LOST,
          r"\b(utc\w*|timezone\w*|tz\w*|zoned?\w*|offset\w*|leeway|skew|monotonic|now)\b",
          {S.EXPIRED: 1.0, S.DATA: 0.8, S.AUTH: 0.5, S.REJECTED: 0.6, S.PARSE: 0.5}),
    _rule("reads or writes values otherwise", TURNED,
          r"round|float|decimal|int\d*|encod|charset|utf|locale|timezone|tz|format|precision|"
          r"unit|scale|currency|date",
          {S.DATA: 1.0, S.PARSE: 0.8, S.ERRORS: 0.4}, 0.9),
)  # fmt: skip


class Place(NamedTuple):
    """What changes below such a path are likely to do."""

    says: str
    pattern: re.Pattern[str]
    makes: dict[S, float]


def _place(says: str, pattern: str, makes: dict[S, float]) -> Place:
    return Place(says, re.compile(pattern, re.IGNORECASE), makes)


PLACES: tuple[Place, ...] = (
    _place("alters a schema of what is exchanged",
           r"\.(proto|avsc|avdl|thrift|graphql|xsd|fbs)$|openapi|swagger|(^|/)schemas?/",
           {S.PARSE: 1.0, S.UNKNOWN_NAME: 0.7, S.NOTHING: 0.4, S.DATA: 0.5}),
    _place("alters what is stored", r"migrat|\.sql$|(^|/)ddl/|schema\.rb$",
           {S.UNKNOWN_NAME: 0.9, S.LOCK: 0.8, S.QUERY: 0.8, S.LATENCY: 0.6}),
    _place("alters who may do what",
           r"(^|[/._-])(iam|rbac|polic(y|ies)|permissions?|roles?|acl|security.?groups?)([/._-]|$)",
           {S.AUTH: 1.0, S.CONNECT: 0.4, S.ERRORS: 0.4}),
    _place("alters when work is done", r"cron|schedule",
           {S.CPU: 0.8, S.LOAD: 0.8, S.QUERY: 0.7, S.LOCK: 0.6, S.QUEUE: 0.6, S.LATENCY: 0.5}),
    _place("alters the network", r"(^|[/._-])(dns|network\w*|firewall|ingress|egress|mesh|vpc|"
           r"envoy|istio|nginx|haproxy|traefik)([/._-]|$)",
           {S.CONNECT: 0.9, S.TIMEOUT: 0.7, S.REJECTED: 0.6, S.UNKNOWN_NAME: 0.5, S.ERRORS: 0.5}),
    _place("alters certificates", r"\.(pem|crt|key|jks|p12)$|(^|/)certs?/|cert-?manager",
           {S.CERTIFICATE: 1.0, S.CONNECT: 0.5}),
    _place("alters what it is built on", r"(^|/)(dockerfile|containerfile|buildpack)",
           {S.CRASH: 0.8, S.UNKNOWN_NAME: 0.6, S.CERTIFICATE: 0.3}),
)  # fmt: skip
