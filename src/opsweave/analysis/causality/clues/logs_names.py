"""Who is meant by a text: by its name, or by an address whose port is known for one entity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from opsweave.analysis.causality.dossier import Dossier

_SHORTEST = 4
"""Shorter names are words of any text."""
_PLAIN = re.compile(r"[a-z]{4,8}")
"""Such a name ("order", "cart") is a word too: it is meant where an address could stand."""
_TOKEN = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*(?::\d{2,5}(?!\d))?")
_AHEAD = re.compile(
    r"(?:[/@\"'`]|\b(?:to|from|of|at|on|by|via|host|lookup|service|upstream|backend|calls?|calling"
    r"|dial|dialing|reach|instances? for)[ =:])$"
)
_AHEAD_LENGTH = 14
_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}:(\d{2,5})(?!\d)")
_TEXT = 2000


class Names:
    """Entities that are asked for (by kind) or write lines; and ports seen with only one of them.

    Names of other characters than letters, digits, ``_``, ``-`` and ``.`` are not found in texts.
    """

    def __init__(self, dossier: Dossier) -> None:
        kinds = dossier.answer_kinds & set(dossier.nodes.values())
        names = {name for name, kind in dossier.nodes.items() if not kinds or kind in kinds}
        names |= set(dossier.lines.entity)
        self._names = {name.lower(): name for name in sorted(names) if len(name) >= _SHORTEST}
        seen: dict[str, set[str]] = defaultdict(set)
        for text in _texts(dossier):
            for match in _TOKEN.finditer(text):
                word, _, port = match[0].partition(":")
                name = self._name(word) if port else ""
                if name:
                    seen[port].add(name)
        self._ports = {port: min(who) for port, who in seen.items() if len(who) == 1}

    def of(self, text: str) -> set[str]:
        """Entities that the begin of a text means."""
        text = text[:_TEXT]
        found = {self._ports.get(port, "") for port in _ADDRESS.findall(text)}
        for match in _TOKEN.finditer(text):
            word, _, port = match[0].partition(":")
            name = self._name(word)
            if name and (port or self._meant(text, word, match.start())):
                found.add(name)
        return found - {""}

    def _name(self, word: str) -> str:
        """Of a word, or of the host it begins with (``cart.shop.svc``)."""
        word = word.lower()
        return self._names.get(word) or self._names.get(word.split(".", 1)[0], "")

    @staticmethod
    def _meant(text: str, word: str, at: int) -> bool:
        if not _PLAIN.fullmatch(word):
            return True
        return _AHEAD.search(text[max(0, at - _AHEAD_LENGTH) : at]) is not None


def _texts(dossier: Dossier) -> Iterable[str]:
    yield from (body[:_TEXT] for body in dossier.lines.body if ":" in body)
    yield from dossier.state.values()
