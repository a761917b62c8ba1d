"""General masks for the variable parts of a log line; no rule is made for one system."""

from __future__ import annotations

import re

WILD = "<*>"

_QUOTED = r"(?<![\w])'[^'\s][^']{0,200}'(?!\w)|\"[^\"]{1,200}\""
_UUID = r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
_URL = r"\b[a-z][a-z0-9+.-]*://[^\s'\",;)\]]+"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
_ISO = rf"\b\d{{4}}-\d\d-\d\d(?:[T ]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?)?|\b{_CLOCK}\b"
_DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = rf"\b{_DAY}{_MONTH} {{1,2}}\d{{1,2}}(?:,? {_CLOCK})?(?: \d{{4}})?\b"
_IP = r"(?<![\w.])/?\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])"
_HOST = r"\b(?:[A-Za-z0-9_-]+\.){1,12}[A-Za-z]+:\d+\b"
_PATH = r"(?<![\w<])(?:/[\w.@%+~-]+){2,}/?"
_LONG = r"(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{6,}(?![\w.])"
_HEX = rf"\b0[xX][0-9a-fA-F]+\b|(?<![\w.]){_LONG}"
_UNIT = r"(?:ms|us|ns|s|m|h|[kKMGT]i?B?|B|%)?"
_NUMBER = rf"(?<![A-Za-z_\d])(?<!\d\.)[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?(?={_UNIT}(?!\w))"

_ID = r"\b[A-Za-z]+[_-]-?\d{5,}\b"
_EMPTY = r"(?<=\s)\(\)"
"""A value in brackets may be empty."""

_MASKS = (_UUID, _URL, _ISO, _DATE, _IP, _HOST, _PATH, _HEX, _ID, _NUMBER, _QUOTED, _EMPTY)
_MASK = re.compile("|".join(_MASKS))
_DIGIT = re.compile(r"\d|['\"/]|\(\)")


def mask(line: str) -> str:
    """Replace ids, addresses, times, paths, quoted text and numbers by ``<*>``.

    >>> mask("user 42 from 10.0.0.1:80 took 3.5ms, id=0x1f")
    'user <*> from <*> took <*>ms, id=<*>'
    """
    if _DIGIT.search(line) is None:
        return line
    return _MASK.sub(_wild, line)


def _wild(match: re.Match[str]) -> str:
    """Quotes stay around what they quote, brackets around nothing."""
    first = match[0][0]
    if first == "(":
        return f"({WILD})"
    return f"{first}{WILD}{first}" if first in "'\"" else WILD
