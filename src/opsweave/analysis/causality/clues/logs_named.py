"""Whom the error lines of others name: by its name, or by an address whose port is known for it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.logs_events import loud
from opsweave.analysis.causality.clues.logs_names import Names
from opsweave.analysis.causality.dossier import Dossier

_NAMED_IF_GUILTY = 0.6
_NAMED_IF_INNOCENT = 0.1
_LEAST = 3
"""Lines that name somebody; fewer say nothing."""
_HOLDS = frozenset(("runs_on", "in_namespace"))


class Naming(NamedTuple):
    """``nats`` for "the one named is to blame"; who said so, in how many lines, and one of them."""

    nats: float
    lines: int
    of: int
    speakers: tuple[str, ...]
    example: str


def named(dossier: Dossier, lines: Sequence[int]) -> dict[str, Naming]:
    """By entity, from these lines (numbers). What a speaker said of it before does not count.

    What holds the one named (its host, its namespace) would bring it down as well, and is held to
    be named too.
    """
    book = Names(dossier)
    after = dossier.faulty(dossier.lines.times_ns)
    told: dict[str, Counter[str]] = defaultdict(Counter)
    example: dict[str, str] = {}
    known: set[tuple[str, str]] = set()
    total = 0
    for i in lines:
        speaker, body = dossier.lines.entity[i], dossier.lines.body[i]
        if not loud(dossier.lines.severity[i], body):
            continue
        about = {(speaker, name) for name in book.of(body) if name != speaker}
        if not after[i]:
            known |= about
        elif about - known:
            total += 1
            for _, name in about - known:
                told[name][speaker] += 1
                example.setdefault(name, body[:200])
    if total < _LEAST:
        return {}
    found = {
        name: Naming(
            _nats(who.total() / total), who.total(), total, tuple(sorted(who)), example[name]
        )
        for name, who in sorted(told.items())
    }
    for name, naming in list(found.items()):
        for holder in sorted(_holders(dossier, name)):
            found[holder] = max(naming, found.get(holder, naming), key=lambda n: n.nats)
    return found


def _holders(dossier: Dossier, name: str) -> set[str]:
    """Where it is, and where what is part of it runs."""
    outer_of: dict[str, set[str]] = defaultdict(set)
    parts = {name}
    for inner, outer, kind in dossier.edges:
        if kind == "part_of" and outer == name:
            parts.add(inner)
        if kind in _HOLDS:
            outer_of[inner].add(outer)
    return {outer for part in parts for outer in outer_of[part]} - parts


def _nats(share: float) -> float:
    guilty = _NAMED_IF_GUILTY * min(1.0, share) + _NAMED_IF_INNOCENT
    return math.log(guilty / _NAMED_IF_INNOCENT)
