"""Who is meant by a text: by its name, or by an address whose port is known for one entity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from opsweave.analysis.causality.dossier import Dossier

_SHORTEST = 4
"""Shorter names are words of any text."""
_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}:(\d{2,5})(?!\d)")
_TEXT = 2000


class Names:
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

    def of(self, text: str) -> set[str]:
        """Entities that the begin of a text means."""
        text = text[:_TEXT]
        found = {self._names[match.lower()] for match in self._word.findall(text)}
        ports = (self._ports.get(number) for number in _ADDRESS.findall(text))
        return found | {name for name in ports if name}


def _texts(dossier: Dossier) -> Iterable[str]:
    yield from (body[:_TEXT] for body in dossier.lines.body if ":" in body)
    yield from dossier.state.values()
