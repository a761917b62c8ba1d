"""Whether all failures are about one and the same input, while others go through."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.news import MOST_LINES
from opsweave.analysis.causality.dossier import Dossier, Lines

_THINGS = (
    r"message|msg|record|file|batch|tenant|customer|client|partner|supplier|vendor|merchant|"
    r"object|document|doc|event|partition|offset|feed|source|account|device|sku|row|line|upload|"
    r"import|job|order|invoice|user|org|organi[sz]ation|payload|topic|shard|dataset|stream"
)
_KEY = re.compile(
    rf"^(?:\w+[._])*(?:{_THINGS})[._]?(?:id|key|name|number|no|offset|path|code)?$", re.IGNORECASE
)
_TEXT = re.compile(
    rf"\b(?P<key>(?:{_THINGS})(?:[_. ](?:id|key|name|number|offset|path))?)(?:\s*[=#]\s*|:(?=\S))"
    r"(?P<value>[\w./:@-]*\d[\w./:@-]*)",
    re.IGNORECASE,
)
_PLUMBING = re.compile(
    r"trace|span|request|http|net\b|host|pod|container|k8s|version|service|component|region|"
    r"status|route|method|thread|peer|aws|tls|client_?ip|user_?agent",
    re.IGNORECASE,
)
_BAD = re.compile(r"err|fatal|crit|warn", re.IGNORECASE)
_FEWEST = 5
_SHARE = 0.9


class OneInput(NamedTuple):
    """Nearly all failures of an entity name this value."""

    entity: str
    key: str
    value: str
    n: int


def one_input(dossier: Dossier, since_ns: int) -> OneInput | None:
    """The input that nearly all failing lines since then name, if there is one.

    Lines that do well must name several values of the same thing, or none at all.
    """
    failing: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    fine: dict[str, set[str]] = defaultdict(set)
    bad: Counter[str] = Counter()
    lines = dossier.lines
    for i in range(0, len(lines), 1 + len(lines) // MOST_LINES):
        at = int(lines.times_ns[i])
        fails = bool(_BAD.search(lines.severity[i]))
        if fails and at >= since_ns:
            bad[lines.entity[i]] += 1
            failing[lines.entity[i]].update(set(_named(lines, i)))
        elif not fails:
            for key, value in _named(lines, i):
                fine[key].add(value)
    best: OneInput | None = None
    for entity, named in sorted(failing.items()):
        for (key, value), n in named.items():
            sure = n >= _FEWEST and n >= _SHARE * bad[entity] and len(fine[key]) != 1
            if sure and (best is None or n > best.n):
                best = OneInput(entity, key, value, n)
    return best


def _named(lines: Lines, i: int) -> list[tuple[str, str]]:
    """Things that a line names, with their values."""
    found = [(m["key"].lower(), m["value"]) for m in _TEXT.finditer(lines.body[i][:600])]
    if len(lines.attributes) > i and lines.attributes[i]:
        try:
            read = json.loads(lines.attributes[i])
        except ValueError:
            read = None
        if isinstance(read, dict):
            found += [
                (key.lower(), str(value))
                for key, value in read.items()
                if isinstance(value, str | int) and _KEY.match(key) and not _PLUMBING.search(key)
            ]
    return found
