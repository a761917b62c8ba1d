"""A diff as what was taken away, what came, and which settings have another value."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

_SETTING = re.compile(
    r"""^\W*(?:const\s+|let\s+|var\s+|final\s+|export\s+|set\s+)?
    ["']?(?P<key>[A-Za-z_][\w.\-\[\]"']*?)["']?\s*
    (?::\s*[A-Za-z_<>\[\]|]+\s*)?(?::=|=>|[:=]|\s(?=\d))\s*(?P<value>[^=].*?)[;,]?\s*$""",
    re.VERBOSE,
)
_LITERAL = re.compile(r'"[^"]*"|\'[^\']*\'|\b\d[\w.]*\b|\b(?:true|false|True|False)\b')
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>\d[\d_]*\.?\d*)\s*\*?\s*(?:time\.|TimeUnit\.)?(?P<unit>[A-Za-z%]*)"
)
_UNITS = {
    "ns": 1e-9, "nanosecond": 1e-9, "us": 1e-6, "microsecond": 1e-6, "ms": 1e-3,
    "millisecond": 1e-3, "milliseconds": 1e-3, "s": 1.0, "secs": 1.0, "millis": 1e-3, "sec": 1.0,
    "second": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "d": 86400.0, "k": 1e3, "kb": 1e3,
    "ki": 1024.0, "mb": 1e6, "mi": 2.0**20, "g": 1e9, "gb": 1e9, "gi": 2.0**30,
}  # fmt: skip
_DURATION = re.compile(
    r"(?:from_|of|duration\.)(?P<unit>secs?|seconds|millis|milliseconds|minutes?|hours?|days?)"
    r"\(\s*(?P<number>\d+)\s*\)|(?P<times>\d+)\s*\*\s*(?:time|timeunit)\."
    r"(?P<go>milliseconds?|seconds?|minutes?|hours?)",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"^(u?int(eger)?\d*|u?long|short|float\d*|double|decimal|number|numeric|string|str|text|"
    r"varchar|bytes?|bool(ean)?|date(time)?|timestamp|instant|uuid|any|object|list|array|set|map|"
    r"dict|optional|json|money|u?bigint|i\d+|u\d+|f\d+)$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[\[{(].*[,\s]")
_LIKE = 0.6
_FEWEST_WORDS = 6
_KEPT = 0.9
_COMMENT = re.compile(r"^\s*(//|#(?!include|define|\[)|\*|/\*|--\s|<!--|;;|\"\"\")")


class Pair(NamedTuple):
    """The same line with another literal: its words, and both values."""

    line: str
    old: str
    new: str

    @property
    def grew(self) -> float:
        """new / old where both are numbers, 1 where they are not comparable."""
        old, new = number(self.old), number(self.new)
        if old is None or new is None:
            return 1.0
        if old == 0 or new == 0:
            return 1.0 if old == new else (float("inf") if old == 0 else 0.0)
        return new / old


class Patch(NamedTuple):
    """Lines without marks; comments and blank lines are left out of ``removed`` and ``added``."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    context: tuple[str, ...]
    pairs: tuple[Pair, ...]
    empty: bool
    """Nothing but comments, blanks or order changed."""
    moved: bool
    """Nearly all words that were taken away come again: code has another place."""


def number(text: str) -> float | None:
    """The number that a value begins with, in its unit's base.

    >>> number("250ms"), number("5 * time.Second"), number("1.0"), number("info")
    (0.25, 5.0, 1.0, None)
    """
    found = _NUMBER.search(text.strip().strip("\"'`"))
    if not found:
        return None
    return float(found["number"].replace("_", "")) * _UNITS.get(found["unit"].lower(), 1.0)


@lru_cache(maxsize=512)
def patch(diff: str) -> Patch:
    r"""Read a diff, unified or not: lines that begin with + or - and those between.

    >>> p = patch("-  pool_size: 40\n+  pool_size: 4\n   host: db")
    >>> p.pairs[0].line, p.pairs[0].old, p.pairs[0].new, p.pairs[0].grew
    ('pool_size', '40', '4', 0.1)
    """
    removed, added, context = [], [], []
    for line in diff.splitlines():
        if line.startswith(("+++", "---", "diff ", "index ")):
            continue
        if line.startswith("@@"):
            context.append(line.strip("@ "))
        elif line.startswith("-"):
            removed.append(line[1:])
        elif line.startswith("+"):
            added.append(line[1:])
        elif line.strip():
            context.append(line)
    gone, come = _code(removed), _code(added)
    return Patch(
        removed=tuple(gone),
        added=tuple(come),
        context=tuple(context),
        pairs=tuple(_pairs(gone, come)),
        empty=bool(diff.strip()) and sorted(_bare(gone)) == sorted(_bare(come)),
        moved=_moved(gone, come),
    )


def _moved(removed: list[str], added: list[str]) -> bool:
    ours, theirs = (Counter(re.findall(r"\w+", " ".join(text))) for text in (removed, added))
    total = sum(ours.values())
    return total >= _FEWEST_WORDS and sum((ours & theirs).values()) >= _KEPT * total


def _code(lines: list[str]) -> list[str]:
    return [
        _DURATION.sub(_seconds, line) for line in lines if line.strip() and not _COMMENT.match(line)
    ]


def _seconds(found: re.Match[str]) -> str:
    """A length of time in code as a number with its unit."""
    return f"{found['number'] or found['times']}{(found['unit'] or found['go']).lower()}"


def _bare(lines: list[str]) -> list[str]:
    return [re.sub(r"\s+", "", line).rstrip(",;") for line in lines]


def _pairs(removed: list[str], added: list[str]) -> list[Pair]:
    """Settings that have another value, and lines that differ in literals only."""
    found, left = [], list(added)
    for line in removed:
        match = next((other for other in left if _alike(line, other)), None)
        if match is None:
            match = max(left, key=lambda other: _likeness(line, other), default=None)
            if match is None or _likeness(line, match) < _LIKE:
                continue
        left.remove(match)
        old, new = _SETTING.match(line), _SETTING.match(match)
        if (
            old and new and old["key"] == new["key"] and old["value"] != new["value"]
            and not _BRACKET.search(old["value"] + new["value"])
        ):  # fmt: skip
            found.append(Pair(old["key"], old["value"].strip(), new["value"].strip()))
            continue
        bare = _LITERAL.sub(" ", line).strip()
        if old and new and len(_LITERAL.findall(line)) != len(_LITERAL.findall(match)):
            found.append(Pair(old["key"], old["value"].strip(), new["value"].strip()))
            continue
        both = zip(_LITERAL.findall(line), _LITERAL.findall(match), strict=False)
        found += [Pair(bare, a, b) for a, b in both if a != b]
        found += [Pair(bare, a, b) for a, b in _retyped(line, match)]
    return found


def _retyped(line: str, other: str) -> list[tuple[str, str]]:
    """Names of types that stand in each other's place."""
    ours, theirs = (re.findall(r"\w+", text) for text in (line, other))
    if len(ours) != len(theirs):
        return []
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return [(a, b) for a, b in both if _TYPES.match(a) and _TYPES.match(b)]


def _alike(line: str, other: str) -> bool:
    old, new = _SETTING.match(line), _SETTING.match(other)
    if old and new and old["key"] == new["key"]:
        return True
    return _LITERAL.sub("", line).split() == _LITERAL.sub("", other).split()


def _likeness(line: str, other: str) -> float:
    """Share of the shorter line's words that both have, for lines with as many literals."""
    if len(_LITERAL.findall(line)) != len(_LITERAL.findall(other)):
        return 0.0
    ours, theirs = (Counter(re.findall(r"\w+", text)) for text in (line, other))
    shorter = min(sum(ours.values()), sum(theirs.values()))
    return sum((ours & theirs).values()) / shorter if shorter else 0.0
