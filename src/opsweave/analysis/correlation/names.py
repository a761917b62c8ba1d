"""Entities by the names that tools use for them: the whole spelling, or its last part if unique."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]*[A-Za-z0-9]|[A-Za-z0-9]")
SHORTEST = 3
"""A shorter name in a text is chance."""
MOST_WORDS, MOST_MENTIONS = 64, 4


class Names:
    """Looks names up among the entities of a graph.

    >>> names = Names(["service:prod/shop/cart", "db"])
    >>> names.find("Cart"), names.find("till"), names.mentioned("cart waits for db.")
    ('service:prod/shop/cart', '', ('service:prod/shop/cart',))
    """

    def __init__(self, entities: Iterable[str] = ()) -> None:
        self._whole: set[str] = set()
        self._by_name: dict[str, str] = {}
        for entity in sorted(entities):
            self._whole.add(entity)
            for name in {entity.lower(), _last(entity)}:
                # A name of two is a name of none.
                self._by_name[name] = "" if name in self._by_name else entity

    def __len__(self) -> int:
        return len(self._whole)

    def find(self, name: str) -> str:
        """The entity; '' when there is none or more than one."""
        if name in self._whole:
            return name
        return self._by_name.get(name.lower(), "") or self._by_name.get(_last(name), "")

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Entities that a text names, in its order."""
        if not self._whole or not text:
            return ()
        found: dict[str, None] = {}
        for word in _WORDS.findall(text)[:MOST_WORDS]:
            entity = self._by_name.get(word.lower(), "") if len(word) >= SHORTEST else ""
            if entity:
                found[entity] = None
        return tuple(found)[:MOST_MENTIONS]


def _last(entity: str) -> str:
    return entity.rpartition("/")[2].rpartition(":")[2].lower()
