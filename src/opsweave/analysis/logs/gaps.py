"""Free text of any length between words that stay: names of several words, titles, reasons.

Lines that share their first words and, where there are any, their last ones, with very many
different texts of different lengths in between, are one event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from opsweave.analysis.logs.masking import MARK, VALUE
from opsweave.analysis.logs.shapes import Shape
from opsweave.analysis.logs.spans import weight
from opsweave.analysis.logs.variables import MANY, is_grammar

_DEEPEST = 24
_LEAST_WORDS = 3
_TEXT = " ,.'-"


class Gap(NamedTuple):
    """``head`` words, any text, ``tail`` words."""

    head: Shape
    tail: Shape

    def fits(self, shape: Shape) -> bool:
        """Whether the shape is these words with a text between them."""
        first, end = len(self.head.words), len(shape.words) - len(self.tail.words)
        return (
            first < end
            and shape.words[:first] == self.head.words
            and shape.separators[:first] == self.head.separators
            and shape.words[end:] == self.tail.words
            and shape.separators[end - 1 :] == self.tail.separators
            and _is_text(shape, first, end)
        )

    def shape(self) -> Shape:
        """The template's shape."""
        return Shape(
            (*self.head.words, VALUE, *self.tail.words),
            (*self.head.separators, *self.tail.separators),
        )


def gaps(shapes: Sequence[Shape]) -> Iterator[tuple[Gap, list[int]]]:
    """Each gap with the shapes that it makes one; no shape is in two."""
    by_head = dict(_heads(shapes))
    taken: set[int] = set()
    wide = [head for head in by_head if weight(head.words)]
    for head in sorted(wide, key=lambda head: -len(head.words)):
        n = len(head.words)
        rows = [row for row in by_head[head] if row not in taken]
        if len({shapes[row].words[n] for row in rows}) < MANY:
            continue
        tail, rows = _tail(shapes, rows, n)
        gap = Gap(head, tail)
        rows = [row for row in rows if gap.fits(shapes[row])]
        lengths = {len(shapes[row].words) for row in rows}
        said = weight(head.words) + weight(tail.words)
        if len(rows) < MANY or len(lengths) < 2 or said < _LEAST_WORDS:
            continue
        if tail.words or _names(shapes, rows, n):
            taken.update(rows)
            yield gap, rows


def _heads(shapes: Sequence[Shape]) -> Iterator[tuple[Shape, list[int]]]:
    """Beginnings that enough shapes share, and which."""
    now = {Shape((), ()): list(range(len(shapes)))}
    for n in range(1, _DEEPEST):
        longer: dict[Shape, list[int]] = defaultdict(list)
        for rows in now.values():
            for row in rows:
                words, separators = shapes[row]
                if n < len(words):
                    longer[Shape(words[:n], separators[:n])].append(row)
        now = {head: rows for head, rows in longer.items() if len(rows) >= MANY}
        yield from now.items()


def _tail(shapes: Sequence[Shape], rows: list[int], first: int) -> tuple[Shape, list[int]]:
    """The longest end that enough of the rows share, and who has it."""
    tail, size = Shape((), ()), 0
    while True:
        size += 1
        found: dict[Shape, list[int]] = defaultdict(list)
        for row in rows:
            words, separators = shapes[row]
            if len(words) - size > first:
                found[Shape(words[-size:], separators[-size:])].append(row)
        longer = max(found.items(), key=lambda item: len(item[1]), default=None)
        if longer is None or len(longer[1]) < MANY or 2 * len(longer[1]) < len(rows):
            return tail, rows
        tail, rows = longer


def _names(shapes: Sequence[Shape], rows: list[int], first: int) -> bool:
    """Whether what follows are names: messages have words of grammar and values in them."""
    told = 0
    for row in rows:
        words = shapes[row].words[first:]
        told += any(MARK.search(word) or (word.islower() and is_grammar(word)) for word in words)
    return (
        4 * told <= len(rows)
        and weight(filter(None, map(_said, shapes[rows[0]].words[:first]))) > 2
    )


def _said(word: str) -> str:
    return "" if MARK.search(word) else word


def _is_text(shape: Shape, first: int, end: int) -> bool:
    between = "".join(shape.separators[first : end - 1])
    return not between.strip(_TEXT) and any(map(str.isalpha, "".join(shape.words[first:end])))
