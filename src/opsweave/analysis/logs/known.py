"""Words that were values somewhere: what tells that they are values elsewhere too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from opsweave.analysis.logs.masking import MARK
from opsweave.analysis.logs.shapes import Shape
from opsweave.analysis.logs.spans import weight
from opsweave.analysis.logs.variables import FEW, is_grammar

_MOST = 5000


class Known:
    """Bounded: what comes after the first five thousand words is not remembered."""

    def __init__(self) -> None:
        self._after: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._between: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        self._words: set[str] = set()
        self._held = 0

    def learn(self, shape: Shape, place: int, forms: Iterable[str]) -> None:
        """``forms`` were values at word ``place`` of the shape."""
        words = {text for text in forms if MARK.search(text) is None and " " not in text}
        if not place or not words or self._held + len(words) > _MOST:
            return
        self._held += len(words)
        self._words |= words
        self._after[_before(shape, place)] |= words
        self._between[_around(shape, place)] |= words

    def after(self, word: str, separator: str) -> Collection[str]:
        """The words that were values after this one."""
        return self._after.get((word, separator), ())

    def values_in(self, shapes: Sequence[Shape]) -> Iterator[tuple[int, int]]:
        """(shape, place) of words that are values by what is known.

        A word is one when every place of it comes after a word that values came after, and one of
        its places, or the word itself, was seen with values.
        """
        fits: dict[str, bool] = {}
        for shape in shapes:
            for place, word in enumerate(shape.words):
                if self._follows(shape, place) and _is_name(word) and not fits.get(word):
                    fits[word] = word in self._words or self._fits(shape, place)
        at: dict[str, list[tuple[int, int]]] = {word: [] for word, fit in fits.items() if fit}
        if not at:
            return
        for number, shape in enumerate(shapes):
            for place, word in enumerate(shape.words):
                if word in at:
                    at[word].append((number, place))
        for places in at.values():
            if all(self._follows(shapes[number], place) for number, place in places):
                yield from places

    def _follows(self, shape: Shape, place: int) -> bool:
        known = self._after.get(_before(shape, place)) if place else None
        return known is not None and len(known) >= FEW

    def _fits(self, shape: Shape, place: int) -> bool:
        """Whether values stood between the same two words."""
        around = _around(shape, place)
        return weight((around[0], around[3])) > 1 and len(self._between.get(around, ())) >= FEW


def _is_name(word: str) -> bool:
    return MARK.search(word) is None and not is_grammar(word) and weight([word]) > 0


def _before(shape: Shape, place: int) -> tuple[str, str]:
    return shape.words[place - 1], shape.separators[place - 1]


def _around(shape: Shape, place: int) -> tuple[str, str, str, str]:
    last = place == len(shape.words) - 1
    after = ("", "") if last else (shape.separators[place], shape.words[place + 1])
    return (*_before(shape, place), *after)
