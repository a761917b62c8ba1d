"""A masked line as words and what stands between them; values of several words are one."""

from __future__ import annotations

import re
from typing import NamedTuple

from opsweave.analysis.logs.masking import EMPTY, MARK, PATH, TIME, VALUE, WILD

MAX_WORDS = 160
"""Of a longer line the rest is one value."""
GLUE, _OPEN, _CLOSE = "\x0e", "\x0f", "\x10"
_GLUED = {" ": GLUE, "(": _OPEN, ")": _CLOSE}
_LOOSE = str.maketrans({glued: plain for plain, glued in _GLUED.items()})

_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_ZONE = "(?:GMT|UTC|Z|[A-Z][DS]T)"
_DATE = re.compile(
    rf"(?<!\w)(?:{_DAY},? )?(?:{_MONTH} {VALUE},?|{VALUE} {_MONTH})"
    rf"(?: {TIME}(?: [A-Z]{{3,4}}(?= {VALUE}|$))?)?(?: {VALUE}(?![\w%]))?"
    rf"|{TIME} {TIME}(?: {_ZONE}(?!\w))?|{TIME} {VALUE}(?=\])"
)
_UNIT = (
    r"(?:[KMGTP]i?[Bb]|[Bb]|[Bb]ytes?|[Mm]secs?|milli(?:second)?s?|microseconds?|[mun]s|secs?"
    r"|seconds?|s|min|mins|minutes?|hours?|hrs?|days?)"
)
_QUANTITY = re.compile(rf"{VALUE} {_UNIT}(?![\w/-])(?: \({VALUE} {_UNIT}\))?")
_SIZED = re.compile(rf"{VALUE}{GLUE}(?:[KMGTP]i?[Bb]|[Bb]|bytes?)(?!\w).*")
_NAMES = re.compile(r"(?:(?<=[:=] )|(?<=[:=]))[A-Za-z_][\w.-]*(?:,[A-Za-z_][\w.-]*)+(?=$|[\s\]);])")
"""A list of names without spaces, after a label or a key."""
_FULL_STOP = re.compile(rf"{PATH}\.(?= [a-z{VALUE}-{PATH}])")
_SPLIT = re.compile(r"((?:[\s=:,;()\[\]{}\"'|<>]|[.!?]+(?=\s|$)|\.{2,})+)")
_PARTS = re.compile(r"([.\-+@#$%&])")
_TOKENS = re.compile(r"([\s,!;:=|\"'\[\](){}.\-+@#$%&]+)")
_STUCK = re.compile(rf"[<>~^*`?\\]{VALUE}|{VALUE}[<>~^*`?\\]")
_ADJOINING = re.compile(rf"{VALUE}\.?(?={VALUE})")


class Shape(NamedTuple):
    """``separators[i]`` stands between ``words[i]`` and ``words[i + 1]``."""

    words: tuple[str, ...]
    separators: tuple[str, ...]

    def text(self) -> str:
        r"""With ``<*>`` for values.

        >>> split("size \x01 KB").text()
        'size <*> KB'
        """
        text = self.words[0] + "".join(
            map("".join, zip(self.separators, self.words[1:], strict=True))
        )
        text = _tidy(text.translate(_LOOSE).replace(EMPTY, ""))
        return MARK.sub(WILD, text).strip()

    def replaced(self, first: int, end: int) -> Shape:
        """With one value in place of words [first, end)."""
        return Shape(
            (*self.words[:first], VALUE, *self.words[end:]),
            (*self.separators[:first], *self.separators[end - 1 :]),
        )

    def sizes_replaced(self) -> Shape:
        """With plain values for sizes with a unit: where one unit varies, the others would."""
        words = (VALUE if is_size(word) else word for word in self.words)
        return Shape(tuple(words), self.separators)


def is_size(word: str) -> bool:
    """Whether it is a number with a unit of bytes."""
    return _SIZED.fullmatch(word) is not None


def split(masked: str) -> Shape:
    """The shape of a masked line: dates are one value, a quantity is one word with its unit."""
    if "," in masked:
        masked = _NAMES.sub(VALUE, masked)
    if VALUE in masked or TIME in masked:
        masked = _QUANTITY.sub(_glue, _DATE.sub(TIME, masked))
        if PATH in masked:
            masked = _FULL_STOP.sub(PATH, masked)
    parts = _SPLIT.split(masked, maxsplit=MAX_WORDS)
    if len(parts) > 2 * MAX_WORDS:
        parts[-1] = VALUE
    return Shape(tuple(map(_word, parts[0::2])), tuple(parts[1::2]))


def _glue(match: re.Match[str]) -> str:
    return "".join(_GLUED.get(char, char) for char in match[0])


def _tidy(text: str) -> str:
    """What sticks to a value belongs to it, and adjoining values are one (see ``masking``)."""
    if _STUCK.search(text):
        parts = _TOKENS.split(text)
        text = "".join(VALUE if VALUE in part and "/" not in part else part for part in parts)
    return _ADJOINING.sub("", text)


def _word(word: str) -> str:
    """Parts of a word that hold a value are values, and adjoining values are one."""
    if MARK.search(word) is None or word == EMPTY:
        return word
    if GLUE in word:
        return MARK.sub(VALUE, word)
    parts = _PARTS.split(word)
    word = "".join(VALUE if MARK.search(part) and "/" not in part else part for part in parts)
    return _ADJOINING.sub("", MARK.sub(VALUE, word))
