"""Whom the error lines of others name: by its name, or by an address whose port is known for it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsweave.analysis.causality.clues.logs_events import loud
from opsweave.analysis.causality.dossier import Dossier

_SHORTEST = 4
"""Shorter names are words of any text."""
_NAMED_IF_GUILTY = 0.6
_NAMED_IF_INNOCENT = 0.1
_LEAST = 3
"""Lines that name somebody; fewer say nothing."""
_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}:(\d{2,5})(?!\d)")
_TEXT = 2000
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
    book = _Book(dossier)
    after = dossier.faulty(dossier.lines.times_ns)
    told: dict[str, Counter[str]] = defaultdict(Counter)
    example: dict[str, str] = {}
    known: set[tuple[str, str]] = set()
    total = 0
    for i in lines:
        speaker, body = dossier.lines.entity[i], dossier.lines.body[i]
        if not loud(dossier.lines.severity[i], body):
            continue
        about = {(speaker, name) for name in book.names(body[:_TEXT]) if name != speaker}
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


class _Book:
    """Who is meant by a text: names of entities, and ports that only one of them is seen with."""

    def __init__(self, dossier: Dossier) -> None:
        kinds = dossier.answer_kinds & set(dossier.nodes.values())
        names = {name for name, kind in dossier.nodes.items() if not kinds or kind in kinds}
        names |= set(dossier.lines.entity)
        ordered = sorted(names, key=lambda name: (-len(name), name))
        self._names = {name.lower(): name for name in ordered if len(name) >= _SHORTEST}
        pattern = "|".join(re.escape(name) for name in self._names) or r"(?!)"
        self._word = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
        seen: dict[str, set[str]] = defaultdict(set)
        port = re.compile(rf"(?<![\w-])({pattern})(?:\.[\w.-]+)?:(\d{{2,5}})(?!\d)", re.IGNORECASE)
        for text in _texts(dossier):
            for name, number in port.findall(text):
                seen[number].add(self._names[name.lower()])
        self._ports = {number: min(who) for number, who in seen.items() if len(who) == 1}

    def names(self, text: str) -> set[str]:
        """Entities that a text means."""
        found = {self._names[match.lower()] for match in self._word.findall(text)}
        ports = (self._ports.get(number) for number in _ADDRESS.findall(text))
        return found | {name for name in ports if name}


def _texts(dossier: Dossier) -> Iterable[str]:
    yield from (body[:_TEXT] for body in dossier.lines.body if ":" in body)
    yield from dossier.state.values()
