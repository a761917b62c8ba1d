"""Lines of one build side by side: each word a column, a list or a quoted text one column.

Where several values vary at once no two lines differ in one place only, so columns are judged. A
column that is no value splits the lines, the one of fewest words first, until in each part all
that differs is a value (the partitioning idea of A. Makanju et al., "Clustering Event Logs Using
Iterative Partitioning", KDD 2009, with the judgement of ``variables`` in place of thresholds).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from opsweave.analysis.logs.masking import MARK, VALUE
from opsweave.analysis.logs.shapes import Shape
from opsweave.analysis.logs.spans import Kind, Span, form, segments, weight
from opsweave.analysis.logs.variables import Place, never_value, why_value

_LONGEST = 40
_LIST = " ,'\""
_Known = Callable[[str, str], Collection[str]]


class Columns(NamedTuple):
    """``forms[i]`` stands in ``spans[i]``; lines of the same ``key`` can be compared."""

    key: tuple[str, ...]
    forms: tuple[str, ...]
    spans: tuple[Span, ...]


class Part(NamedTuple):
    """Rows that are one event; ``varying`` columns hold its values, for ``reason``."""

    rows: list[int]
    varying: list[int]
    reason: str


@lru_cache(maxsize=2048)
def columns(shape: Shape) -> Columns:
    """The columns of a shape.

    >>> from opsweave.analysis.logs.shapes import split
    >>> columns(split("drop [a, b] from 'two words' now")).forms
    ('drop', 'a, b', 'from', 'two words', 'now')
    """
    words, separators = shape
    ends = _segment_ends(separators)
    found: list[Span] = []
    first = 0
    while first < len(words):
        end = ends.get(first, 0)
        kind: Kind = "segment"
        if not end:
            end, kind = _run_end(words, separators, first), "run"
        if end == first + 1:
            kind = "word"
        found.append(Span(kind, first, end))
        first = end
    key = tuple(separators[span.end - 1] for span in found[:-1])
    return Columns(key, tuple(form(shape, span) for span in found), tuple(found))


@lru_cache(maxsize=2048)
def plain(shape: Shape) -> Columns:
    """Each word a column; lines of the same separators can be compared."""
    spans = tuple(Span("word", i, i + 1) for i in range(len(shape.words)))
    return Columns(shape.separators, shape.words, spans)


def _segment_ends(separators: tuple[str, ...]) -> dict[int, int]:
    """Where lists in brackets and texts in quotes begin and end."""
    ends: dict[int, int] = {}
    for span in segments(separators):
        between = "".join(separators[span.first : span.end - 1])
        if span.end - span.first <= _LONGEST and not between.strip(_LIST):
            ends[span.first] = max(span.end, ends.get(span.first, 0))
    return ends


def _run_end(words: tuple[str, ...], separators: tuple[str, ...], first: int) -> int:
    """The end of values side by side, or of a list with commas after ``:``, ``=`` or a value."""
    end = first + 1
    if words[first] == VALUE:
        while end < len(words) and words[end] == VALUE and not separators[end - 1].strip(" ,"):
            end += 1
    if end > first + 1 or not first or separators[first - 1].strip()[-1:] not in {":", "="}:
        return end
    while end < len(words) and separators[end - 1] in {", ", ","}:
        end += 1
    return end if end == len(words) else first + 1


def parts(
    rows: Sequence[Columns], known: _Known, lines: Sequence[int] | None = None
) -> Iterator[Part]:
    """The rows (of one key) that are the same event, two or more in each part.

    ``lines`` of each row, once all were seen.
    """
    todo = [list(range(len(rows)))]
    while todo:
        chosen = todo.pop()
        if len(chosen) < 2:
            continue
        width = range(len(rows[0].forms))
        forms = [{rows[r].forms[i]: None for r in chosen} for i in width]
        words = weight(next(iter(f)) for f in forms if len(f) == 1)
        varying = [i for i in width if len(forms[i]) > 1]
        total = sum(lines[r] for r in chosen) if lines else 0
        reasons = {i: _why(rows[chosen[0]], i, forms, (words, total), known) for i in varying}
        apart = [i for i in varying if not reasons[i]]
        if apart:
            by = min(apart, key=lambda i: (len(forms[i]), i))
            split: dict[str, list[int]] = {}
            for row in chosen:
                split.setdefault(rows[row].forms[by], []).append(row)
            todo += reversed(split.values())
        elif varying:
            yield Part(chosen, varying, reasons[varying[0]])


def _why(
    row: Columns, i: int, forms: list[dict[str, None]], n: tuple[int, int], known: _Known
) -> str:
    """Why the column holds values, '' when it does not; ``n`` words beside it, in so many lines."""
    kinds: Kind = "word"
    if any(is_several(text) for text in forms[i]):
        runs = all(not MARK.sub("", text).strip(" ,") for text in forms[i])
        kinds = "run" if runs else "segment"
    separator = row.key[i - 1] if i else ""
    if any(never_value(kinds, text, separator) for text in forms[i]):
        return ""
    before = ""
    if i and len(forms[i - 1]) == 1:
        before = next(iter(forms[i - 1]))
    rare = 0 < n[1] <= 1.5 * len(forms[i])
    place = Place(n[0], i == 0, before, separator, rare)
    return why_value(kinds, list(forms[i]), place, known(before, separator))


def is_several(text: str) -> bool:
    """Whether it is of several words."""
    return " " in text or "," in text


def covers(general: Columns, other: Columns) -> bool:
    """Whether they differ only where ``general`` has values."""
    return all(
        mine == text or (mine == VALUE and not never_value("word", text))
        for mine, text in zip(general.forms, other.forms, strict=True)
    )
