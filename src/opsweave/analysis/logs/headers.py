"""Where the message of a raw line begins: after times, levels, process ids and components.

Nothing is configured: the first words of a sample are sorted into kinds, and the header ends with
the last column that nearly all lines fill with a time, a level, a bracket, a dash or a component.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\](?=\s|$)|\S+")
_TIME = re.compile(
    r"\[?(?=[^a-z]*\d)[\dTZ:./,+-]*(?:\d[-:./]\d|\d[-/][A-Z][a-z]{2}[-/]\d)[\dTZ:./,+-]*[\]:,]?"
    r"|\[[\w\s:./,+-]*\d\d:\d\d[\w\s:./,+-]*\]|\d{6}|1\d{9}(?:\d{3})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
)
_LEVEL = re.compile(
    r"[\[(<]?(?:trace|debug|info|information|notice|warn|warning|err|error|crit|critical|fatal|alert"
    r"|emerg|severe|verbose|panic|[DIWEVFTN])[\])>]?:?",
    re.IGNORECASE,
)
_COMPONENT = re.compile(r"[\w.$/()@#*-]+(?:\[[^\]]*\])?:")
_KINDS = (
    ("time", _TIME),
    ("level", _LEVEL),
    ("bracket", re.compile(r"\[.*\]:?|\(.*\):?|<.*>:?")),
    ("dash", re.compile(r"[-|:]+")),
    ("number", re.compile(r"\d+")),
    ("component", _COMPONENT),
    ("id", re.compile(r"(?=\D*\d)[\w:.@/-]+")),
)
_ENDS = frozenset(("time", "level", "bracket", "dash", "component"))
_DASHED = re.compile(r"\s*(?:\S+\s+){1,3}?[-|]\s+")
"""A program's name of a few words, then a dash."""
_COLUMNS = 12
_SHARE = 0.9
_SAMPLE = 2000
_FEW = 40


class Header:
    """How many words of a line come before its message; 0 when the lines have no time.

    >>> header = Header(["Jan 02 10:00:00 web nginx[17]: reload", "Jan 02 10:00:01 web cron: run"])
    >>> header.words, header.message("Jan 02 10:00:02 web sshd[9]: session opened")
    (5, 'session opened')
    """

    def __init__(self, sample: Sequence[str]) -> None:
        rows = [_WORD.findall(line[:500])[:_COLUMNS] for line in sample[:_SAMPLE] if line.strip()]
        self.columns = _columns(rows)
        self.words = len(self.columns)
        self._skip = re.compile(rf"(?:\s*(?:{_WORD.pattern})){{{self.words}}}\s*")
        self._dashed = False
        if self.words and "dash" not in self.columns:
            dashed = sum(_DASHED.match(self.message(line)) is not None for line in sample[:_SAMPLE])
            self._dashed = dashed >= _SHARE * len(rows)

    def message(self, line: str) -> str:
        """The line without its header."""
        if not self.words:
            return line
        match = self._skip.match(line)
        if match is None:
            return line
        dashed = _DASHED.match(line, match.end()) if self._dashed else None
        return line[(dashed or match).end() :]


def _columns(rows: list[list[str]]) -> list[str]:
    """The kinds of the header's columns."""
    kinds: list[str] = []
    end = 0
    for i in range(_COLUMNS):
        words = [row[i] for row in rows if len(row) > i + 1]
        if len(words) < _SHARE * len(rows) or not words:
            break
        kind, share = Counter(map(_kind, words)).most_common(1)[0]
        if share < _SHARE * len(rows) or kind == "word":
            if len(set(words)) > min(_FEW, 1 + len(rows) // 20):
                break
            kind = "few"
        kinds.append(kind)
        if kind in _ENDS:
            end = i + 1
    return kinds[:end] if "time" in kinds[:end] else []


def _kind(word: str) -> str:
    for kind, rule in _KINDS:
        if rule.fullmatch(word):
            return kind
    return "word"
