"""General masks for the variable parts of a log line; no rule is made for one system."""

from __future__ import annotations

import re

WILD = "<*>"

_QUOTED = r"'[^'\s][^']{0,200}'|\"[^\"]{1,200}\""
_UUID = r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
_URL = r"\b[a-z][a-z0-9+.-]*://[^\s'\",;)\]]+"
_TIME = r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
_IP = r"(?<![\w.])/?\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])"
_PATH = r"(?<![\w<])(?:/[\w.@%+~-]+){2,}/?"
_HEX = r"\b0[xX][0-9a-fA-F]+\b|(?<![\w.])(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{6,}(?![\w.])"
_NUMBER = r"(?<![A-Za-z_\d.])[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?(?=(?:ms|us|ns|s|m|h|[kKMGT]i?B?|B|%)?(?![\w]))"

_MASKS = (_UUID, _URL, _TIME, _IP, _PATH, _HEX, _NUMBER, _QUOTED)
_MASK = re.compile("|".join(_MASKS))
_DIGIT = re.compile(r"\d|['\"]|/")


def mask(line: str) -> str:
    """Replace ids, addresses, times, paths, quoted text and numbers by ``<*>``.

    >>> mask("user 42 from 10.0.0.1:80 took 3.5ms, id=0x1f")
    'user <*> from <*> took <*>ms, id=<*>'
    """
    if _DIGIT.search(line) is None:
        return line
    return _MASK.sub(WILD, line)
