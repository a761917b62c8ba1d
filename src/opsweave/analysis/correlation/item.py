"""What grouping needs to know of one alert, whoever sent it."""

from __future__ import annotations

import re

import msgspec

_DIGITS = re.compile(r"\d")
_PARTS = re.compile(r"[-_.]")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of an alert: firing and resolved lines of it are one item. Times in seconds."""

    id: str
    entity: str
    """Whom it is about; '' when it says nothing of that."""
    type: str
    """What it says, without whom and how much: the rule's name, the indicator."""
    start_s: float
    end_s: float | None = None
    """None while it fires."""
    key: str = ""
    """The same alert in other episodes; '' for (entity, type)."""
    marks: tuple[str, ...] = ()
    """``name=value`` of what it carries: labels, and fields that are not ours."""
    mentions: tuple[str, ...] = ()
    """Other entities that its text names."""
    severity: str = ""
    nature: str = ""
    """'' for what is slow, fails or is full: such trouble passes on as such. Another word for what
    is of another nature (``values``: wrong answers, odd data), which passes on as its own kind."""
    local: bool | None = None
    """True when it speaks of the entity alone (its own time, its memory), False when it speaks of
    what the entity calls; None when it may be either."""

    @property
    def identity(self) -> str:
        """The key that episodes of one alert share."""
        return self.key or f"{self.entity}|{self.type}"


def stem(entity: str) -> str:
    """The name without the parts at its end that hold digits: of a replica, its service.

    >>> stem("pod:prod/shop/cart-7d9f4-x2x1")
    'cart'
    >>> stem("db-7")
    'db'
    """
    name = entity.rpartition("/")[2].rpartition(":")[2]
    parts = _PARTS.split(name)
    while len(parts) > 1 and _DIGITS.search(parts[-1]):
        parts.pop()
    return "-".join(parts)
