"""Words of code and of complaints on one footing: whole, in parts, without endings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_CHUNK = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_QUOTED = re.compile(r"""["'`]([A-Za-z_][\w.\-/]{1,60})["'`]""")
_ENDINGS = (
    "ations", "ation", "ating", "ators", "ator", "ated", "ates", "ions", "ings", "ing", "ion",
    "ies", "ied", "ers", "ate", "iry", "ity", "ed", "er", "es", "or", "al", "ly", "e", "s", "y",
)  # fmt: skip
_LEAST_STEM = 4
PLAIN, PART, WHOLE, QUOTED = 0.5, 0.6, 1.3, 1.5
"""How much a word is worth: of prose, part of an identifier, an identifier, one in quotes."""
STOP = frozenset(
    re.findall(
        r"\w+",
        """
    a about above after all also an and any are as at back be been before below but by can case
    cause could day did do does done due each else end etc every few first for from get gets go
    got had has have here high how if in instead into is it its just last less let low make many
    may more most much my need never new next no not now of off old on once one only or other
    our out over own per put ran run see seen set should since so some still such than that the
    their them then there these they this those through to too two under until up use used user
    uses using value very via want was way we were what when where which while who why will with
    within without would yes yet you your true false null none nil int str string bool float
    func function def class return const var val self void type struct public private static
    final import package main err error errors exception fail failed failing failure failures
    warn warning info level message msg text data name names id ids key keys code status request
    requests response responses server service services svc http https www com org net io api
    app count total rate ratio number time times ms sec second seconds minute minutes hour
    percent avg mean max min p50 p90 p95 p99 threshold observed alert monitor default critical
    severe elevated spike above fix feat chore docs doc test tests refactor tidy tweak tune bump
    add added adds remove removed update updated change changed changes cleanup simplify improve
    support handle handler helper util utils pkg src lib internal cmd go py js ts java rb php cs
    yaml yml json toml txt md
    """,
    )
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word in lower case without its ending, so that "expired" meets "expiry".

    >>> stem("Expired"), stem("expiry"), stem("validation"), stem("validating")
    ('expir', 'expir', 'valid', 'valid')
    """
    word = word.lower()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def words(text: str) -> dict[str, float]:
    """Words of a text with their worth; identifiers count whole and in parts.

    >>> sorted(words('relation "order_totals" does not exist'))
    ['exist', 'order', 'order_totals', 'relat', 'total']
    >>> sorted(words("maxOpenConns"))
    ['conn', 'max_open_conns', 'open']
    """
    found: dict[str, float] = {}
    for chunk in _CHUNK.findall(text):
        parts = [p for piece in re.split(r"[._-]", chunk) for p in _PART.findall(piece)]
        compound = len(parts) > 1
        if compound:
            _note(found, "_".join(p.lower() for p in parts), WHOLE)
        for part in parts:
            if len(part) > 2 and part.lower() not in STOP:
                _note(found, stem(part), PART if compound else PLAIN)
    for quoted in _QUOTED.findall(text):
        parts = [p for piece in re.split(r"[._/-]", quoted) for p in _PART.findall(piece)]
        joined = "_".join(p.lower() for p in parts)
        if len(joined) > 2:
            _note(found, joined if len(parts) > 1 else stem(joined), QUOTED)
    return found


def _note(found: dict[str, float], word: str, worth: float) -> None:
    found[word] = max(worth, found.get(word, 0.0))


def pooled(texts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Words of several texts, each weighted: the highest worth of each word."""
    found: dict[str, float] = {}
    for text, weight in texts:
        for word, worth in words(text).items():
            _note(found, word, worth * weight)
    return found
