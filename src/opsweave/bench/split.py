"""The one split of public data: choices are made on ``dev``, figures are told for ``report``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from opsweave.kernel.errors import RejectInput

Part = Literal["dev", "report", "all"]
PARTS: tuple[Part, ...] = ("dev", "report", "all")


def half(dataset: str, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(dev, report): names in the order of the SHA-256 of ``dataset/name``, the odd one to dev.

    It depends on the names alone: not on their order, not on a seed.

    >>> half("toy", ["a", "b", "c"]) == half("toy", ["c", "a", "b"])
    True
    >>> [len(part) for part in half("toy", ["a", "b", "c"])]
    [2, 1]
    """
    ranked = sorted(set(names), key=lambda name: _digest(f"{dataset}/{name}"))
    middle = (len(ranked) + 1) // 2
    return tuple(ranked[:middle]), tuple(ranked[middle:])


def chosen(dataset: str, names: Iterable[str], part: Part) -> tuple[str, ...]:
    """The names of one part, sorted; raises RejectInput for a part that there is not.

    >>> chosen("toy", ["b", "a"], "all")
    ('a', 'b')
    """
    everything = sorted(set(names))
    if part == "all":
        return tuple(everything)
    if part not in PARTS:
        raise RejectInput(f"half: {part!r} is not one of {', '.join(PARTS)}")
    dev, report = half(dataset, everything)
    return tuple(sorted(dev if part == "dev" else report))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
