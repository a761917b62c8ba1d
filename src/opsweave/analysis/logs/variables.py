"""Whether what differs between lines that otherwise agree is a value, or makes them other events.

No count alone tells user names from states, so looks and place decide first: what stands beside a
number, an address or an id in the same place is a value, and so is what follows ``=``; a word of
grammar never is. Among plain words the number of different ones decides, after words that announce
a name sooner than at the beginning of the line, where the event itself is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from opsweave.analysis.logs.masking import MARK, VALUE
from opsweave.analysis.logs.shapes import GLUE
from opsweave.analysis.logs.spans import Kind

_WORD = re.compile("[a-z]+")
_GRAMMAR = frozenset(
    _WORD.findall(
        "a an the is are was were be been being has have had not no none to from for of in on at by"
        " with without and or as into than then that this these it its if when while during until"
        " after before will would can cannot could may must should does do did due per via over"
        " under out up down off all any only already still more less too so but because since"
    )
)
_ANNOUNCES = frozenset(
    _WORD.findall(
        "for by from at on named called user host server client service"
        " process file directory module package device driver node job task thread class method"
        " function table database queue topic key name id type interface session account group"
    )
)
_TELLS = frozenset(_WORD.findall("message msg event log error err"))
"""Keys whose value says what happened."""
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"\w[._@$:-]\w|\d|[a-z][A-Z]")
_DOING = re.compile("[a-z](?:ing|ed)$")
FEW, SEVERAL, SOME, MANY = 3, 4, 8, 12
"""Different plain words that make a value: after a word that announces one, where hardly any comes
twice, elsewhere, and at the beginning of a line."""
MOST = 16
"""Nothing is decided by more forms than these."""


class Place(NamedTuple):
    """``words``: how many words of the message surround the span; ``rare``: what stands there came
    once or twice, and all lines were seen."""

    words: int
    first: bool
    before: str
    separator: str
    rare: bool = False


def why_value(kind: Kind, forms: Collection[str], place: Place, known: Collection[str]) -> str:
    """The reason why ``forms`` are values of one event, or '' while they are not.

    ``known`` are words that were values after the same word elsewhere.

    >>> why_value("word", ["alice", VALUE], Place(3, False, "user", " "), ())
    'stands where a value stands'
    >>> why_value("word", ["opened", "closed"], Place(3, False, "session", " "), ())
    ''
    """
    tells = place.before.lower() in _TELLS and bool(set(place.separator) & {'"', "="})
    if len(forms) < 2 or not place.words or (tells and VALUE not in forms):
        return ""
    if kind == "word":
        return _word(forms, place, known)
    if kind == "token":
        return _token(forms, place)
    if kind == "segment":
        return _segment(forms, place)
    lengths = {_length(form) for form in forms}
    return "a list of values" if len(lengths) > 1 and max(lengths) > 2 else ""


def never_value(kind: Kind, form: str, separator: str = "") -> bool:
    """Whether the form, after the separator, shows that its place tells events apart."""
    if kind != "word":
        return False
    return not form or (separator[-1:] not in {'"', "'", "="} and is_grammar(form))


def is_grammar(word: str) -> bool:
    """Whether the word holds a sentence together and names nothing."""
    return word in _GRAMMAR or word in {"No", "Not"}


def _word(forms: Collection[str], place: Place, known: Collection[str]) -> str:
    plain = any(form == VALUE or GLUE in form for form in forms) or all("@" in f for f in forms)
    marked = plain or any(MARK.search(form) for form in forms)
    key = "=" in place.separator or (":" in place.separator and bool(_NAME.search(place.before)))
    if marked and (len(forms) > 2 or (plain and (place.words > 1 or key))):
        return "stands where a value stands"
    if len(forms) >= SOME and all(_NAME.search(form) for form in forms):
        return "many different names"
    if len(forms) >= MANY and not place.first:
        return "very many different words"
    if place.words < 2:
        return ""
    if key:
        return "different values of a key"
    if not place.first and all(form in known for form in forms):
        return "values elsewhere"
    return _names(forms, place) or _many(forms, place)


def _names(forms: Collection[str], place: Place) -> str:
    """Words that look like names of things: with digits, dots, capitals within."""
    numbered = sum(map(_has_digit, forms))
    if numbered == len(forms) or (len(forms) >= FEW and 2 * numbered >= len(forms)):
        return "numbered names"
    if not place.first and len(forms) >= FEW and all(_NAME.search(form) for form in forms):
        return "different names"
    return ""


def _many(forms: Collection[str], place: Place) -> str:
    """Plain words: how many are needed depends on the place."""
    if place.separator[-1:] in {'"', "'"} and len(forms) >= FEW:
        return "different words in quotes"
    closed = place.first or all(map(str.isupper, forms)) or all(map(_DOING.search, forms))
    enough = FEW if place.before.lower() in _ANNOUNCES else SEVERAL if place.rare else SOME
    enough = MANY if closed else enough
    return "many different words" if len(forms) >= enough else ""


def _has_digit(form: str) -> bool:
    return any(map(str.isdigit, form))


def _token(forms: Collection[str], place: Place) -> str:
    """Of several parts: only beside a plain value, and only when no part is a key."""
    if VALUE not in forms or place.words < 2:
        return ""
    others = [form for form in forms if form != VALUE]
    if all(MARK.search(form) for form in others) and not any("=" in form for form in others):
        return "stands where a value stands"
    return ""


def _segment(forms: Collection[str], place: Place) -> str:
    lengths = {_length(form) for form in forms}
    listed = place.separator[-1:] in {'"', "'"} or any("," in form for form in forms)
    if place.words > 1 and len(lengths) > 1 and len(forms) >= (FEW if listed else MANY):
        return "different contents of brackets or quotes"
    return ""


def _length(form: str) -> int:
    return form.count(" ") + form.count(",") + 1
