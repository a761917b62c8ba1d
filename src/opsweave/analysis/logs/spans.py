"""Where two lines may differ: a word, a token, a bracketed or quoted segment, a run of values.

Two shapes that agree in all but one span meet in a bucket named by what they share; the bucket
keeps what stands in the span (``forms``) until it is clear that the span is a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from opsweave.analysis.logs.masking import MARK, VALUE
from opsweave.analysis.logs.shapes import Shape

Kind = Literal["word", "token", "segment", "run"]
_PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "<": ">"}


class Span(NamedTuple):
    """Words [first, end) of a shape."""

    kind: Kind
    first: int
    end: int


def spans(shape: Shape) -> list[Span]:
    """Every span of the shape in which another line may differ."""
    words, separators = shape
    found = [Span("word", i, i + 1) for i in range(len(words))]
    if len(words) > 1:
        found += _tokens(separators)
        found += segments(separators)
        found += _runs(words, separators)
    return found


def _tokens(separators: tuple[str, ...]) -> Iterator[Span]:
    """What stands between spaces, without the brackets and marks at its ends."""
    first = 0
    for i, separator in enumerate((*separators, " ")):
        if " " in separator:
            yield Span("token", first, i + 1)
            first = i + 1


def segments(separators: tuple[str, ...]) -> Iterator[Span]:
    """What stands in brackets or quotes, when it has more than one word, or spaces before it."""
    stack: list[tuple[str, int]] = []
    for i, separator in enumerate(separators):
        for char in separator:
            if stack and char == stack[-1][0]:
                _, first = stack.pop()
                if first <= i:
                    yield Span("segment", first, i + 1)
            elif char in _PAIRS and not (char == "'" and separator == "'"):
                stack.append((_PAIRS[char], i + 1))


def _runs(words: tuple[str, ...], separators: tuple[str, ...]) -> Iterator[Span]:
    """Values one after another, with nothing but spaces or commas between them."""
    first = 0
    while first < len(words):
        if words[first] != VALUE:
            first += 1
            continue
        end = first + 1
        while end < len(words) and words[end] == VALUE and not separators[end - 1].strip(" ,"):
            end += 1
        yield Span("run", first, end)
        first = end


def keys(shape: Shape, found: list[Span]) -> list[int]:
    """A name for each span's bucket: a hash of everything outside of it."""
    words, separators = shape
    n = len(words)
    heads, tails = [0] * (n + 1), [0] * (n + 1)
    for i in range(n):
        heads[i + 1] = hash((heads[i], words[i], separators[i] if i + 1 < n else ""))
        j = n - 1 - i
        tails[j] = hash((tails[j + 1], words[j], separators[j - 1] if j else ""))
    before = [hash((heads[i - 1], words[i - 1])) if i else 0 for i in range(n)]
    return [
        hash(
            (
                span.kind,
                before[span.first],
                separators[span.first - 1] if span.first else "",
                separators[span.end - 1] if span.end < n else "",
                tails[span.end] if span.end < n else 0,
            )
        )
        for span in found
    ]


def form(shape: Shape, span: Span) -> str:
    """What stands in the span."""
    if span.end == span.first + 1:
        return shape.words[span.first]
    parts = [shape.words[span.first]]
    for i in range(span.first + 1, span.end):
        parts += (shape.separators[i - 1], shape.words[i])
    return "".join(parts)


def context(shape: Shape, span: Span) -> int:
    """How much the words outside of the span say."""
    return weight((*shape.words[: span.first], *shape.words[span.end :]))


def weight(words: Iterable[str]) -> int:
    """How many of the words are said by the message; three places of values count as a word."""
    said = values = 0
    for word in words:
        if word == VALUE:
            values += 1
        elif MARK.search(word) is None and any(map(str.isalpha, word)):
            said += 1
    return said + values // 3
