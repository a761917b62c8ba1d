"""Raw payloads are shown masked: what looks like a secret or a person's address is covered."""

from __future__ import annotations

import re
from typing import Any

# Senders choose the text: every part begins at a word's start and never goes back.
_COVER = "***"
_NAMED = re.compile(
    r"(?i)(?<![\w.-])((?=[\w.-]*?(?:password|passwd|passphrase|pwd|secret|token|authorization"
    r"|(?:api|access|private)[_-]?key|credential|cookie))"
    r"[\w.-]++\\*+[\"']?\s*+[:=]\s*+)"
    # JSON in JSON escapes its quotes, and ends with as many backslashes as it began.
    r"((\\++)\"(?:(?!(?<!\\)\3\").)*+|\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?"
    r"|[^\s,;&}\]]+(?:\s+[^\s,;&}\]\"]+)?)",
    re.DOTALL,
)
_SHAPED = re.compile(
    r"(?i)\b(?:bearer|basic)\s+\S+"
    # A version (cart@1.2.0) is no address: the last label of one begins with a letter.
    r"|(?<![\w.+-])[\w.+-]++@(?:[\w-]++\.)+[A-Za-z][\w-]*+"
    r"|(?<![\w-])eyJ[\w-]++\.[\w-]+\.?[\w-]*"
    r"|\bow_[\w-]{16,}"
    r"|\b(?:gh[a-z]_|glpat-|xox[a-z]-)[\w-]{10,}"
    r"|(?<=://)[^/\s:@]{1,200}:[^/\s@]{1,200}(?=@)"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]*+"
    r"|\bAKIA[0-9A-Z]{12,}"
    r"|\b\d(?:[ -]?\d){11,18}\b"
)

_IDENTITY = frozenset(
    {"id", "type", "tenant", "entity", "entities", "fingerprint", "incident", "indicator", "status"}
)
"""Fields by which facts are found again; they stay as they are."""


def masked(text: str) -> str:
    """The text with secrets, mail addresses and card-like numbers covered.

    >>> masked('{"password": "abc", "user": "a@example.org", "n": 3}')
    '{"password": ***, "user": "***", "n": 3}'
    """
    return _SHAPED.sub(_COVER, _NAMED.sub(lambda found: found.group(1) + _COVER, text))


def covered(value: Any, key: str = "") -> Any:
    """What is inside a fact, as builtins, covered like a payload; ids stay.

    >>> covered({"id": "a@b.example", "says": "password=abc", "labels": {"api_key": ["abc", 1]}})
    {'id': 'a@b.example', 'says': 'password=***', 'labels': {'api_key': ['***', '***']}}
    """
    if key in _IDENTITY:
        return value
    if isinstance(value, dict):
        return {name: covered(inner, _beneath(key, str(name))) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [covered(inner, key) for inner in value]
    if _named(key):
        return _COVER
    return masked(value) if isinstance(value, str) else value


def _beneath(key: str, name: str) -> str:
    """All that is beneath a secret's name is secret."""
    return key if _named(key) else name


def _named(key: str) -> bool:
    return _NAMED.match(f"{key}=x") is not None
