"""Values of several words where a template has seen single ones: "join Home", "join My Home"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from opsweave.analysis.logs.masking import VALUE
from opsweave.analysis.logs.shapes import Shape
from opsweave.analysis.logs.spans import weight
from opsweave.analysis.logs.variables import FEW, is_grammar

_LONGEST = 6
_LEAST_WORDS = 2
_TEXT = " ,.'-"


def stretched(general: Shape, shape: Shape) -> bool:
    """Whether they are the same but for values of up to six words that make no sentence."""
    words, separators = shape
    n = len(words)
    if n <= len(general.words) or n > len(general.words) + 2 * _LONGEST:
        return False
    reached = {0}
    for i, word in enumerate(general.words):
        after = general.separators[i] if i < len(general.separators) else None
        ends: set[int] = set()
        for j in reached:
            if word == VALUE:
                ends.update(_ends(shape, j))
            elif j < n and words[j] == word:
                ends.add(j + 1)
        reached = {
            end
            for end in ends
            if (separators[end - 1] if end <= len(separators) else None) == after
        }
        if not reached:
            return False
    return n in reached


def _ends(shape: Shape, first: int) -> Iterator[int]:
    words, separators = shape
    for end in range(first + 1, min(first + _LONGEST, len(words)) + 1):
        if is_grammar(words[end - 1]) or not words[end - 1]:
            return
        if end > first + 1 and separators[end - 2].strip(_TEXT):
            return
        yield end


def absorbed(shapes: Sequence[Shape], lines: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Each template with three or more others, less frequent, that are it but for longer values."""
    by_first: dict[str, list[int]] = defaultdict(list)
    for number, shape in enumerate(shapes):
        by_first[shape.words[0]].append(number)
    taken: set[int] = set()
    for number in sorted(range(len(shapes)), key=lambda i: -lines[i]):
        general = shapes[number]
        if number in taken or VALUE not in general.words or weight(general.words) < _LEAST_WORDS:
            continue
        anywhere = general.words[0] == VALUE
        near = range(len(shapes)) if anywhere else by_first[general.words[0]]
        found = [
            other
            for other in near
            if len(shapes[other].words) > len(general.words)
            and other not in taken
            and lines[other] < lines[number]
            and stretched(general, shapes[other])
        ]
        if len(found) >= FEW:
            taken.update(found)
            yield number, found
