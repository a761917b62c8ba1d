"""The filter language of the explore pages: what people type becomes terms.

``entity:checkout duration>200ms -name:GET* "timed out" status:500,503``: all terms must hold,
``-`` turns one round, ``,`` gives alternatives, ``*`` stands for anything, quotes keep blanks.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from opsweave.kernel.errors import RejectInput

MAX_QUERY = 2000
MAX_TERMS = 40

_TERM = re.compile(
    r"""\s*(?P<minus>-)?
    (?:(?P<key>[A-Za-z_][\w.\-/]*)(?P<op>:|>=|<=|>|<|=))?
    (?P<values>(?:"(?:[^"\\]|\\.)*"|[^\s"])*)""",
    re.VERBOSE,
)
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|[^,"]+')
_UNITS = {
    "ns": 1e-9,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "%": 0.01,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "Ki": 1024.0,
    "Mi": 1024.0**2,
    "Gi": 1024.0**3,
}
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*([A-Za-z%]*)")


class Term(NamedTuple):
    """``key`` is empty for words that are looked for in the text."""

    key: str
    op: str
    values: tuple[str, ...]
    negated: bool = False


def parse(text: str) -> tuple[Term, ...]:
    """Terms in their order. Raises RejectInput, which names what cannot be read.

    >>> parse('entity:cart -error:true "timed out"')[2].values
    ('timed out',)
    """
    if len(text) > MAX_QUERY:
        raise _refused(f"longer than {MAX_QUERY} characters", "ask for less at once")
    terms, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _TERM.match(text, at)
        if found is None or found.end() == at or not (found["values"] or found["key"]):
            raise _refused(
                f"{text[at:].strip()[:40]!r} cannot be read", "close the quote, or drop it"
            )
        terms.append(_term(found))
        at = found.end()
    if len(terms) > MAX_TERMS:
        raise _refused(f"more than {MAX_TERMS} terms", "ask for less at once")
    return tuple(terms)


def quoted(value: str) -> str:
    """The value so that it is read back whole.

    >>> parse(f"name:{quoted('say ' + chr(34) + 'hi')}")[0].values
    ('say "hi',)
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def number(text: str) -> float:
    """A number with its unit: ``200ms`` is 0.2, ``5%`` is 0.05, ``2Ki`` is 2048.

    >>> number("200ms"), number("5%"), number("-3")
    (0.2, 0.05, -3.0)
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or found[2] not in ("", *_UNITS):
        raise _refused(f"{text!r} is no number", "write for example 200ms, 1.5s, 5% or 10k")
    return float(found[1]) * _UNITS.get(found[2], 1.0)


def _term(found: re.Match[str]) -> Term:
    key, op = found["key"] or "", found["op"] or ":"
    values = tuple(_bare(one) for one in _VALUE.findall(found["values"])) if key else ()
    if not key:
        values = (_bare(found["values"]),)
    if not any(values):
        raise _refused(f"{key}{op} has no value", f"write {key}{op}VALUE, or drop it")
    return Term(key, ":" if op == "=" else op, values, bool(found["minus"]))


def _bare(text: str) -> str:
    """Without the quotes, whole or in part."""
    return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda one: re.sub(r"\\(.)", r"\1", one[1]), text)


def _refused(says: str, action: str) -> RejectInput:
    return RejectInput(says, field="q", action=action)
